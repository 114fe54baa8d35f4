use std::fmt::Display;
use std::str::FromStr;

use maci_protocol::ids::{PollId, PollRef};
use serde_json::Value;
use uuid::Uuid;

use crate::error::StoreError;

/// A text's length at most, in bytes; documents may be longer.
const TEXT_MAX: usize = 1_000;

/// A poll as a key.
pub(super) fn poll_key(poll: &PollRef) -> String {
    let PollRef { chain, maci, poll } = poll;
    format!("{chain}/{}/{poll}", maci.to_lower_hex())
}

/// A stored key as a poll.
pub(super) fn poll_from(key: &str) -> Result<PollRef, StoreError> {
    let mut parts = key.splitn(3, '/');
    let mut next = || parts.next().unwrap_or_default();
    Ok(PollRef {
        chain: parsed("a poll's chain", next())?,
        maci: parsed("a poll's MACI", next())?,
        poll: parsed::<PollId>("a poll's number", next())?,
    })
}

/// A stored key as a poll, where there may be none.
pub(super) fn poll_if_any(key: Option<&str>) -> Result<Option<PollRef>, StoreError> {
    key.map(poll_from).transpose()
}

/// A stored text as what it says.
pub(super) fn parsed<T: FromStr<Err: Display>>(what: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error| StoreError::DamagedRow {
        what: format!("{what}: {error}"),
    })
}

/// A stored id, where there may be none.
pub(super) fn id_if_any(what: &str, text: Option<&str>) -> Result<Option<Uuid>, StoreError> {
    text.map(|text| parsed(what, text)).transpose()
}

/// A stored document.
pub(super) fn document(what: &str, text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::DamagedRow {
        what: format!("{what}: {error}"),
    })
}

/// A stored document, where there may be none.
pub(super) fn document_if_any(what: &str, text: Option<&str>) -> Result<Option<Value>, StoreError> {
    text.map(|text| document(what, text)).transpose()
}

/// A name or word from outside, if both engines can hold it.
pub(super) fn word<'a>(what: &'static str, text: &'a str) -> Result<&'a str, StoreError> {
    let refuse = |reason| Err(StoreError::BadText { what, reason });
    match text {
        "" => refuse("it is empty"),
        text if text.len() > TEXT_MAX => refuse("it is longer than 1000 bytes"),
        text if text.contains('\0') => refuse("it has a zero byte in it"),
        text => Ok(text),
    }
}

/// A number as the database's 64-bit signed integers hold it.
pub(super) fn signed(what: &'static str, number: u64) -> Result<i64, StoreError> {
    number.try_into().map_err(|_| StoreError::TooLarge { what, number })
}

/// A stored number, which is never negative.
pub(super) fn unsigned(what: &str, number: i64) -> Result<u64, StoreError> {
    number.try_into().map_err(|_| StoreError::DamagedRow {
        what: format!("{what} is negative"),
    })
}

/// Stored bytes of a known length.
pub(super) fn exactly<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::DamagedRow {
        what: format!("{what} has {} bytes in place of {N}", bytes.len()),
    })
}

/// An enum whose variants are stored as words, with a check on them in the table.
macro_rules! stored_words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is stored and shown as.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub(crate) fn from_word(word: &str) -> Result<Self, $crate::StoreError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::StoreError::DamagedRow {
                        what: format!(concat!("`{}` is not a ", stringify!($name)), other),
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

pub(super) use stored_words;
