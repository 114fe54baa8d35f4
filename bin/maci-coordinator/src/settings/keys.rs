use std::path::PathBuf;

use serde::Deserialize;

use super::Secret;

/// `[keys]`: what opens and seals keys, and keys given in the clear.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KeySettings {
    /// File whose first line is the passphrase that seals keys.
    pub passphrase_file: Option<PathBuf>,
    /// The passphrase itself; better given in a file.
    pub passphrase: Option<Secret>,
    /// How costly guessing the passphrase of a sealed key is.
    pub sealing: Sealing,
    /// A coordinator key in the clear (`macisk…`); better sealed (`keys new`).
    pub coordinator: Option<Secret>,
    /// An Ethereum key in the clear that pays for gas; better the one the service makes and seals itself.
    pub private_key: Option<Secret>,
    /// Words that the key that pays for gas is derived from.
    pub mnemonic: Option<Secret>,
    /// Which account of those words.
    pub mnemonic_index: u32,
}

/// How costly guessing a passphrase is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sealing {
    /// A second and half a gibibyte for each guess.
    Strong,
    /// Next to nothing: for development chains alone.
    Light,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self {
            passphrase_file: None,
            passphrase: None,
            sealing: Sealing::Strong,
            coordinator: None,
            private_key: None,
            mnemonic: None,
            mnemonic_index: 0,
        }
    }
}
