use std::path::Path;
use std::{fmt, io};

use maci_crypto::keys::{Keypair, PrivateKey, PublicKey};
use maci_protocol::ids::ChainId;

use super::samples::is_published;
use crate::DEVELOPMENT_CHAINS;
use crate::disk;
use crate::error::CustodyError;

/// A coordinator's key, opened. Erased when dropped; its `Debug` tells only the public half.
#[derive(Clone)]
pub struct CoordinatorKey(Keypair);

impl CoordinatorKey {
    /// The key of a `macisk.` text, such as one given in the environment or by a client.
    ///
    /// # Errors
    /// When it is none; the error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, CustodyError> {
        PrivateKey::parse(text.trim())
            .map(Self::from)
            .map_err(CustodyError::NotAPrivateKey)
    }

    /// The key in the first line of a file.
    ///
    /// # Errors
    /// When the file cannot be read or holds none; the error does not repeat it.
    pub fn read(path: &Path) -> Result<Self, CustodyError> {
        let missing = || CustodyError::file("read the key", path)(io::ErrorKind::NotFound.into());
        let bytes = disk::read(path)?.ok_or_else(missing)?;
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Self::parse(std::str::from_utf8(line).unwrap_or_default())
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        self.0.public_key
    }

    /// The key for work on a chain: to decrypt, and to derive salts and circuit inputs from.
    ///
    /// # Errors
    /// When the key is a published sample and the chain is not one of [`DEVELOPMENT_CHAINS`].
    pub fn on_chain(&self, chain: ChainId) -> Result<&Keypair, CustodyError> {
        if !DEVELOPMENT_CHAINS.contains(&chain) && is_published(&self.0.private_key) {
            return Err(CustodyError::PublishedKey {
                public_key: self.public_key(),
                chain,
            });
        }
        Ok(&self.0)
    }

    pub(crate) fn private_key(&self) -> &PrivateKey {
        &self.0.private_key
    }
}

impl From<PrivateKey> for CoordinatorKey {
    fn from(key: PrivateKey) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for CoordinatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoordinatorKey({})", self.0.public_key)
    }
}
