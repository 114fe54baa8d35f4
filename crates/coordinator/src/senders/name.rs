use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a sender is called: 1 to 40 lower-case letters, digits and dashes, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SenderName(String);

/// A text that is no sender's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no sender's name: {reason}")]
pub struct BadSenderName {
    given: String,
    reason: &'static str,
}

impl SenderName {
    /// The name of the key that the service makes for itself, or is given in the environment. It is there without a
    /// word in the settings.
    #[must_use]
    pub fn gas() -> Self {
        Self("gas".to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SenderName {
    type Err = BadSenderName;

    fn from_str(text: &str) -> Result<Self, BadSenderName> {
        let refuse = |reason| BadSenderName {
            given: text.chars().take(40).collect(),
            reason,
        };
        if text.is_empty() || text.len() > 40 {
            return Err(refuse("it must have 1 to 40 characters"));
        }
        if text == "default" {
            return Err(refuse("`default` means the chain's own"));
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !text.bytes().all(allowed) || !text.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(refuse(
                "it may have lower-case letters, digits and dashes, and begins with a letter",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SenderName {
    type Error = BadSenderName;

    fn try_from(text: String) -> Result<Self, BadSenderName> {
        text.parse()
    }
}

impl From<SenderName> for String {
    fn from(name: SenderName) -> Self {
        name.0
    }
}

impl fmt::Display for SenderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
