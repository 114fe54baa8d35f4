use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;

use alloy::network::{Ethereum, EthereumWallet, NetworkWallet};
use maci_protocol::ids::{ChainId, EthAddress};

use super::remote::{RemoteSigner, RemoteUrl};
use super::{AwsKms, GcpKms, LedgerPath, SenderKey};
use crate::error::CustodyError;
use crate::passphrase::Passphrase;

/// A wallet that is being opened.
pub type Opening<'a> = Pin<Box<dyn Future<Output = Result<EthereumWallet, CustodyError>> + Send + 'a>>;

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
    /// In AWS KMS.
    AwsKms(AwsKms),
    /// In Google Cloud KMS.
    GcpKms(GcpKms),
    /// In a Ledger at this machine's USB, where somebody confirms every transaction.
    Ledger(LedgerPath),
    /// With a signer that is asked over JSON-RPC, as web3signer is.
    Remote {
        /// Where it listens.
        url: RemoteUrl,
        /// The account that is to sign.
        account: EthAddress,
    },
}

impl SignerSource {
    /// The word for clients.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Keystore { .. } => "keystore",
            Self::AwsKms(_) => "aws-kms",
            Self::GcpKms(_) => "gcp-kms",
            Self::Ledger(_) => "ledger",
            Self::Remote { .. } => "remote",
        }
    }

    /// A wallet that signs with the key, for one chain.
    ///
    /// # Errors
    /// When the key cannot be opened or reached, or must not be used on the chain.
    pub fn wallet(&self, chain: ChainId) -> Opening<'_> {
        // clouds' clients are large; whoever waits for one should not be
        Box::pin(self.open(chain))
    }

    async fn open(&self, chain: ChainId) -> Result<EthereumWallet, CustodyError> {
        match self {
            Self::Keystore { path, passphrase_file } => {
                let (path, passphrase_file) = (path.clone(), passphrase_file.clone());
                let key = aside(move || {
                    let passphrase = Passphrase::from_file(&passphrase_file)?.passphrase;
                    SenderKey::from_keystore(&path, &passphrase)
                });
                Ok(key.await?.on_chain(chain)?.into())
            }
            Self::AwsKms(key) => key.wallet(chain).await,
            Self::GcpKms(key) => key.wallet(chain).await,
            Self::Ledger(path) => path.wallet(chain).await,
            Self::Remote { url, account } => {
                let signer = RemoteSigner::open(url.clone(), *account, chain).await?;
                Ok(EthereumWallet::new(signer))
            }
        }
    }
}

/// The address a wallet signs for.
#[must_use]
pub fn address_of(wallet: &EthereumWallet) -> EthAddress {
    let address = NetworkWallet::<Ethereum>::default_signer_address(wallet);
    EthAddress(address.into_array())
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
