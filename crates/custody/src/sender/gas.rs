use std::path::Path;

use maci_protocol::ids::EthAddress;

use super::SenderKey;
use crate::disk;
use crate::entropy::random;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;
use crate::sealed::{Cost, SealedFile, Subject, open, seal};

const KIND: &str = "gas";
const NAME: &str = "gas";
const WHAT: &str = "the gas key";

/// The coordinator's own account: born here, sealed here, holding nothing but gas.
#[derive(Debug, Clone)]
pub struct GasKey {
    /// The key.
    pub key: SenderKey,
    /// Whether it was made just now, so that somebody has to be told to fund it.
    pub is_new: bool,
}

impl GasKey {
    /// Opens the gas key of a file, and makes it first if there is none.
    ///
    /// # Errors
    /// When it does not open or cannot be written.
    pub fn open_or_create(path: &Path, passphrase: &Passphrase, cost: Cost) -> Result<Self, CustodyError> {
        if let Some(file) = read(path)? {
            return opened(&file, passphrase);
        }
        let key = SenderKey::from_bytes(&random()?)?;
        if Self::write_new(path, &key, passphrase, cost)? {
            return Ok(Self { key, is_new: true });
        }
        // another process was faster: its key is the one
        match read(path)? {
            Some(file) => opened(&file, passphrase),
            None => Err(CustodyError::damaged(WHAT, "it appeared and vanished")),
        }
    }

    /// Seals a key into a new file. False if there is one already.
    pub(crate) fn write_new(
        path: &Path,
        key: &SenderKey,
        passphrase: &Passphrase,
        cost: Cost,
    ) -> Result<bool, CustodyError> {
        let subject = Subject {
            kind: KIND,
            name: NAME,
            public: &key.address().to_string(),
        };
        disk::write_new(path, &seal(subject, &key.secret()[..], passphrase, cost)?.to_text()?)
    }

    /// The address in a file, as it says without its passphrase; none if there is no file.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn address(path: &Path) -> Result<Option<EthAddress>, CustodyError> {
        read(path)?.as_ref().map(claimed_address).transpose()
    }
}

fn read(path: &Path) -> Result<Option<SealedFile>, CustodyError> {
    let bytes = disk::read(path)?;
    bytes.map(|bytes| SealedFile::parse(WHAT, &bytes)).transpose()
}

fn claimed_address(file: &SealedFile) -> Result<EthAddress, CustodyError> {
    if file.kind != KIND || file.name != NAME {
        return Err(CustodyError::damaged(WHAT, "it is a key of another kind"));
    }
    file.public.parse().map_err(|error| CustodyError::damaged(WHAT, error))
}

fn opened(file: &SealedFile, passphrase: &Passphrase) -> Result<GasKey, CustodyError> {
    let claimed = claimed_address(file)?;
    let key = SenderKey::from_bytes(&open(WHAT, file, passphrase)?)
        .map_err(|_| CustodyError::damaged(WHAT, "its secret is no key"))?;
    if key.address() == claimed {
        Ok(GasKey { key, is_new: false })
    } else {
        Err(CustodyError::damaged(WHAT, "its address is of another key"))
    }
}
