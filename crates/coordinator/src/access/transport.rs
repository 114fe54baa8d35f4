use std::path::PathBuf;
use std::sync::Arc;

use maci_custody::{CoordinatorKey, CustodyError, TransportKey};
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::AccessError;

/// Where the transport key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportSource {
    /// A folder that it is made in if it is not there.
    Folder(PathBuf),
    /// Files the operator names (`COORDINATOR_PUBLIC_KEY_PATH`, `COORDINATOR_PRIVATE_KEY_PATH`).
    Files {
        /// The public half, PEM; only compared with the private one.
        public: Option<PathBuf>,
        /// The private half, PEM.
        private: PathBuf,
    },
}

/// The RSA key that clients encrypt to. Making one takes seconds, so it is made beside everything else, and whoever
/// needs it waits.
#[derive(Debug, Clone)]
pub struct Transport {
    state: watch::Receiver<State>,
}

#[derive(Debug, Clone)]
enum State {
    Opening,
    Ready(Arc<TransportKey>),
    Failed(Arc<str>),
}

impl Transport {
    /// Opens the key, or makes it, on a thread of its own.
    #[must_use]
    pub fn start(source: TransportSource) -> Self {
        let (tell, state) = watch::channel(State::Opening);
        // a thread that nobody waits for when the service stops
        std::thread::spawn(move || {
            let opened = match source {
                TransportSource::Folder(folder) => TransportKey::open_or_create(&folder),
                TransportSource::Files { public, private } => TransportKey::read(public.as_deref(), &private),
            };
            tell.send_replace(match opened {
                Ok(key) => State::Ready(Arc::new(key)),
                Err(error) => {
                    tracing::error!(%error, "there is no transport key: encrypted fields cannot be read");
                    State::Failed(error.to_string().into())
                }
            });
        });
        Self { state }
    }

    /// The public half, as PKCS#1 PEM. Waits for a key that is being made.
    ///
    /// # Errors
    /// When there is none.
    pub async fn public_pem(&self) -> Result<String, AccessError> {
        Ok(self.key().await?.public_pem().to_owned())
    }

    /// Decrypts what a client encrypted, base64 of RSA-OAEP.
    ///
    /// # Errors
    /// When there is no key, or it was not encrypted to it.
    pub async fn decrypt(&self, base64: String) -> Result<Zeroizing<Vec<u8>>, AccessError> {
        let key = self.key().await?;
        // it takes milliseconds of a core
        let opened = tokio::task::spawn_blocking(move || key.decrypt(&base64)).await;
        opened
            .map_err(|error| AccessError::NoTransportKey {
                reason: error.to_string(),
            })?
            .map_err(AccessError::NotForUs)
    }

    /// The coordinator key that a client sends with its request (`encryptedCoordinatorPrivateKey`).
    ///
    /// # Errors
    /// When there is no transport key, or what was sent is no coordinator key encrypted to it.
    pub async fn coordinator_key(&self, base64: String) -> Result<CoordinatorKey, AccessError> {
        let opened = self.decrypt(base64).await?;
        let text = std::str::from_utf8(&opened);
        let text = text.map_err(|_| AccessError::NotForUs(CustodyError::NotForThisKey))?;
        CoordinatorKey::parse(text).map_err(AccessError::NotForUs)
    }

    async fn key(&self) -> Result<Arc<TransportKey>, AccessError> {
        let mut state = self.state.clone();
        let opened = state.wait_for(|state| !matches!(state, State::Opening)).await;
        match opened.as_deref() {
            Ok(State::Ready(key)) => Ok(key.clone()),
            Ok(State::Failed(reason)) => Err(AccessError::NoTransportKey {
                reason: reason.to_string(),
            }),
            Ok(State::Opening) | Err(_) => Err(AccessError::NoTransportKey {
                reason: "the service stops".to_owned(),
            }),
        }
    }
}
