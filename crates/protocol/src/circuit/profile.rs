use std::fmt;
use std::str::FromStr;

use maci_crypto::rules::Rules;
use serde::{Deserialize, Serialize};

/// Which rules a set of proving keys was made with.
///
/// On points of the curve the three agree except where noted; they part for points that only an
/// attacker makes. See [`crate::verdict`] for the rules themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Upstream's circuits of September 2025: votes under state keys of order 4 and 8 can be
    /// forged, and some messages have no witness.
    September,
    /// Upstream's release 3.0.0 and its ceremony: some messages still have no witness.
    Release,
    /// Our own circuits: the release's verdict on points of the curve, and every other message
    /// is provably invalid, so that no message can block a poll.
    Hardened,
}

/// A word that names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a circuit profile: september, release or hardened")]
pub struct UnknownProfile {
    /// What was given.
    pub given: String,
}

impl From<Profile> for Rules {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::September => Self::September,
            Profile::Release => Self::Release,
            Profile::Hardened => Self::Hardened,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::September => "september",
            Self::Release => "release",
            Self::Hardened => "hardened",
        })
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "september" => Ok(Self::September),
            "release" => Ok(Self::Release),
            "hardened" => Ok(Self::Hardened),
            _ => Err(UnknownProfile {
                given: text.chars().take(40).collect(),
            }),
        }
    }
}
