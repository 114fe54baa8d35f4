use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a poll's votes are paid for with voice credits. The numbers are the contracts'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[repr(u8)]
pub enum Mode {
    /// Quadratic voting: w votes cost w² credits.
    Qv = 0,
    /// w votes cost w credits.
    NonQv = 1,
    /// w votes cost w credits, and a vote must spend all credits on one option.
    Full = 2,
}

/// A mode this coordinator does not know; forks of MACI have further ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a mode of MACI v3: 0 is QV, 1 is NON_QV, 2 is FULL")]
pub struct UnknownMode {
    /// What was given.
    pub given: String,
}

impl Mode {
    /// All modes, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Qv, Self::NonQv, Self::Full];

    /// The name used in circuit names: `Qv`, `NonQv`, `Full`.
    pub fn circuit_word(self) -> &'static str {
        match self {
            Self::Qv => "Qv",
            Self::NonQv => "NonQv",
            Self::Full => "Full",
        }
    }
}

impl From<Mode> for u8 {
    fn from(mode: Mode) -> Self {
        mode as Self
    }
}

impl TryFrom<u8> for Mode {
    type Error = UnknownMode;

    fn try_from(number: u8) -> Result<Self, UnknownMode> {
        match number {
            0 => Ok(Self::Qv),
            1 => Ok(Self::NonQv),
            2 => Ok(Self::Full),
            other => Err(UnknownMode {
                given: other.to_string(),
            }),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Qv => "QV",
            Self::NonQv => "NON_QV",
            Self::Full => "FULL",
        })
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    /// Reads a number or a name; capitals, `-` and `_` do not matter.
    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let plain: String = text
            .chars()
            .take(16)
            .filter(|c| !matches!(c, '_' | '-'))
            .collect::<String>()
            .to_ascii_lowercase();
        match plain.as_str() {
            "0" | "qv" => Ok(Self::Qv),
            "1" | "nonqv" => Ok(Self::NonQv),
            "2" | "full" => Ok(Self::Full),
            _ => Err(UnknownMode {
                given: text.chars().take(40).collect(),
            }),
        }
    }
}
