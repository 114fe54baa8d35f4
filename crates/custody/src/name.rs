use std::fmt;
use std::str::FromStr;

use crate::error::CustodyError;

/// What a key is called: 1 to 64 lower-case letters, digits, dashes and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = CustodyError;

    fn from_str(text: &str) -> Result<Self, CustodyError> {
        let refuse = |reason| CustodyError::BadName {
            name: text.chars().take(80).collect(),
            reason,
        };
        if text.starts_with("macisk") {
            // a key given in the name's place must not be repeated
            return Err(CustodyError::BadName {
                name: "macisk…".to_owned(),
                reason: "it is a private key",
            });
        }
        if text.is_empty() || text.len() > 64 {
            return Err(refuse("it must have 1 to 64 characters"));
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        if !text.bytes().all(allowed) {
            return Err(refuse("it may have lower-case letters, digits, dashes and underscores"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
