use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::CustodyError;

/// What it costs to try a passphrase: Argon2id's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory filled, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes it is divided into.
    pub lanes: u32,
}

impl Cost {
    /// For keys that matter: 256 MiB and three passes, above the second recommendation of RFC 9106.
    pub const STRONG: Self = Self {
        memory_kib: 256 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// The least there is. It protects nothing: for tests and development chains.
    pub const LIGHT: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    /// The most a file may ask for, in words.
    pub(super) const BOUND: &'static str = "1 GiB, 16 passes and 16 lanes";

    /// Whether a file may ask for this.
    pub(super) fn is_bearable(&self) -> bool {
        self.memory_kib <= 1024 * 1024 && self.passes <= 16 && self.lanes <= 16
    }

    /// The function that derives a key of 32 bytes.
    pub(super) fn argon2(&self) -> Result<Argon2<'static>, CustodyError> {
        if !self.is_bearable() {
            return Err(CustodyError::Cost { reason: Self::BOUND });
        }
        let parameters =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| CustodyError::Cost {
                reason: "it takes at least 8 KiB for each lane, one pass and one lane",
            })?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::STRONG
    }
}
