/// What an endpoint said to a broadcast.
pub(super) enum Reception {
    /// It has the transaction, or had it already, or its nonce is used: the receipts will tell.
    Taken,
    /// It wants a better offer.
    Underpriced(String),
    /// It would not take it now.
    Refused(String),
}

impl Reception {
    /// Reads an endpoint's refusal.
    pub(super) fn of_refusal(words: &str) -> Self {
        let text = words.to_lowercase();
        let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        if has(&[
            "already known",
            "already imported",
            "known transaction",
            "alreadyknown",
            "nonce too low",
            "nonce is too low",
            "old nonce",
        ]) {
            return Self::Taken;
        }
        let words = words.chars().take(200).collect();
        if has(&[
            "underpriced",
            "fee too low",
            "less than block base fee",
            "max fee per gas less than",
            "feetoolow",
        ]) {
            return Self::Underpriced(words);
        }
        Self::Refused(words)
    }

    /// What a person should know of it.
    pub(super) fn note(&self) -> String {
        match self {
            Self::Refused(words) | Self::Underpriced(words) => format!(" (the endpoint says: {words})"),
            Self::Taken => String::new(),
        }
    }
}
