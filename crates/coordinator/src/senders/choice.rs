use std::fmt;
use std::str::FromStr;

use maci_protocol::ids::EthAddress;
use serde::{Deserialize, Serialize};

use super::{BadSenderName, SenderName};

/// What a text begins with that names a delegated key.
const SESSION: &str = "session:";

/// Who is to send: as requests say it, and as it is kept with polls and schedules. Its text is `default`, a sender's
/// name, or `session:` and the address of a delegated key.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SenderChoice {
    /// Whoever the settings name for the chain.
    #[default]
    ChainDefault,
    /// This one.
    Named(SenderName),
    /// The smart account that allowed this delegated key.
    Session(EthAddress),
}

/// A text that names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadChoice {
    /// Not a name.
    #[error(transparent)]
    Name(#[from] BadSenderName),
    /// What follows `session:` is no address.
    #[error("what follows `session:` is no Ethereum address")]
    Session,
}

impl SenderChoice {
    /// Whether nobody was chosen.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::ChainDefault
    }

    /// The choice that a row holds; none stands for the chain's default.
    ///
    /// # Errors
    /// When the row was written by something else.
    pub fn stored(text: Option<&str>) -> Result<Self, BadChoice> {
        text.map_or(Ok(Self::ChainDefault), str::parse)
    }

    /// The choice as a row holds it.
    #[must_use]
    pub fn to_stored(&self) -> Option<String> {
        (!self.is_default()).then(|| self.to_string())
    }

    /// This choice, or the other one where nobody was chosen.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_default() { other } else { self }
    }
}

impl FromStr for SenderChoice {
    type Err = BadChoice;

    fn from_str(text: &str) -> Result<Self, BadChoice> {
        if text == "default" {
            return Ok(Self::ChainDefault);
        }
        match text.strip_prefix(SESSION) {
            Some(address) => address.parse().map(Self::Session).map_err(|_| BadChoice::Session),
            None => Ok(Self::Named(text.parse()?)),
        }
    }
}

impl TryFrom<String> for SenderChoice {
    type Error = BadChoice;

    fn try_from(text: String) -> Result<Self, BadChoice> {
        text.parse()
    }
}

impl From<SenderChoice> for String {
    fn from(choice: SenderChoice) -> Self {
        choice.to_string()
    }
}

impl From<SenderName> for SenderChoice {
    fn from(name: SenderName) -> Self {
        Self::Named(name)
    }
}

impl fmt::Display for SenderChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChainDefault => f.write_str("default"),
            Self::Named(name) => name.fmt(f),
            Self::Session(address) => write!(f, "{SESSION}{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_as_written() {
        let session = format!("session:{}", EthAddress([0xab; 20]));
        for text in ["default", "gas", "safe-2", session.as_str()] {
            let choice: SenderChoice = text.parse().unwrap();
            assert_eq!(choice.to_string(), text);
            assert_eq!(SenderChoice::stored(choice.to_stored().as_deref()), Ok(choice));
        }
    }

    #[test]
    fn what_names_nobody_is_refused() {
        for text in ["", "Gas", "-a", "session:", "session:0x12", "a b", &"a".repeat(41)] {
            assert!(text.parse::<SenderChoice>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_request_s_choice_goes_before_the_poll_s() {
        let (one, two): (SenderChoice, SenderChoice) = ("one".parse().unwrap(), "two".parse().unwrap());
        assert_eq!(one.clone().or(two.clone()), one);
        assert_eq!(SenderChoice::ChainDefault.or(two.clone()), two);
    }
}
