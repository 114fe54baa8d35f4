use std::fmt;
use std::path::PathBuf;

use alloy::network::EthereumWallet;
use maci_protocol::ids::ChainId;

use super::SenderKey;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;

/// Where a sender's key is kept, and how it is asked to sign.
#[derive(Clone)]
pub enum SignerSource {
    /// In an Ethereum keystore file.
    Keystore {
        /// The file.
        path: PathBuf,
        /// A file with its passphrase.
        passphrase_file: PathBuf,
    },
}

impl SignerSource {
    /// The word for clients.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Keystore { .. } => "keystore",
        }
    }

    /// A wallet that signs with the key, for one chain.
    ///
    /// # Errors
    /// When the key cannot be opened or reached, or must not be used on the chain.
    pub async fn wallet(&self, chain: ChainId) -> Result<EthereumWallet, CustodyError> {
        match self {
            Self::Keystore { path, passphrase_file } => {
                let (path, passphrase_file) = (path.clone(), passphrase_file.clone());
                let key = aside(move || {
                    let passphrase = Passphrase::from_file(&passphrase_file)?.passphrase;
                    SenderKey::from_keystore(&path, &passphrase)
                });
                Ok(key.await?.on_chain(chain)?.into())
            }
        }
    }
}

/// Opens a key on a thread that may wait: it takes most of a second.
async fn aside(
    open: impl FnOnce() -> Result<SenderKey, CustodyError> + Send + 'static,
) -> Result<SenderKey, CustodyError> {
    let opened = tokio::task::spawn_blocking(open).await;
    opened.map_err(|_| CustodyError::Sealing {
        what: "a key".to_owned(),
        reason: "the thread that opened it died",
    })?
}

impl fmt::Debug for SignerSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
