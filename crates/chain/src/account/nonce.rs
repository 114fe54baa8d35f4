use alloy::primitives::{U256, aliases::U192};

use super::permission::PermissionId;

/// How a permission stands in the account, as operations have to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It is installed.
    Use,
    /// It installs itself with this operation.
    Enable,
}

/// The first 24 bytes of a nonce: operations of one key follow one another, those of different keys do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NonceKey {
    pub(super) mode: Mode,
    pub(super) permission: PermissionId,
    /// Any number; 0 keeps the permission's operations in order.
    pub(super) custom: u16,
}

impl NonceKey {
    pub(super) fn ordered(mode: Mode, permission: PermissionId) -> Self {
        let custom = 0;
        Self {
            mode,
            permission,
            custom,
        }
    }

    pub(super) fn bytes(self) -> [u8; 24] {
        let mode = match self.mode {
            Mode::Use => 0,
            Mode::Enable => 1,
        };
        let head = [mode, 2].into_iter().chain(self.permission.0.0);
        let padded = head.chain([0; 16]).chain(self.custom.to_be_bytes());
        let mut bytes = [0; 24];
        bytes.iter_mut().zip(padded).for_each(|(to, from)| *to = from);
        bytes
    }

    pub(super) fn key(self) -> U192 {
        U192::from_be_bytes(self.bytes())
    }
}

/// The key of a nonce, as the EntryPoint takes it.
pub(super) fn key_of(nonce: U256) -> U192 {
    let key: U256 = nonce >> 64;
    U192::from_limbs_slice(&key.as_limbs()[..3])
}

/// The sequence number of a nonce.
pub(super) fn sequence_of(nonce: U256) -> u64 {
    let [low, ..] = nonce.into_limbs();
    low
}

/// The mode a nonce says.
pub(super) fn mode_of(nonce: U256) -> Mode {
    if nonce.byte(31) == 1 { Mode::Enable } else { Mode::Use }
}
