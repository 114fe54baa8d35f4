use std::fmt;

/// Something in a description that cannot be, found before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// Where it stands in the description, as a JSON pointer.
    pub pointer: String,
    /// The rule it breaks, in words that follow the place.
    pub rule: String,
}

impl Complaint {
    /// A complaint about the value at a place.
    pub fn new(pointer: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            rule: rule.into(),
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pointer, self.rule)
    }
}
