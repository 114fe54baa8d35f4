use maci_custody::CustodyError;
use maci_protocol::Remedy;
use maci_store::StoreError;

/// Logins could not be read or written, or something encrypted could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The store failed.
    #[error("logins cannot be read or written: {0}")]
    Store(#[from] StoreError),
    /// The system gave no randomness.
    #[error("the system gives no randomness: {reason}")]
    Entropy {
        /// The system's reason.
        reason: String,
    },
    /// There is no transport key.
    #[error("there is no RSA key to decrypt with: {reason}")]
    NoTransportKey {
        /// Why not.
        reason: String,
    },
    /// What a client sent does not open with the transport key.
    #[error("what was sent is not encrypted to this service's public key; GET /v1/proof/publicKey tells it")]
    NotForUs(#[source] CustodyError),
}

impl AccessError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Store(error) => error.remedy(),
            Self::Entropy { .. } => Remedy::Retry,
            Self::NoTransportKey { .. } => Remedy::AskOperator,
            Self::NotForUs(_) => Remedy::Abandon,
        }
    }
}
