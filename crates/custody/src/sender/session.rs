use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use maci_protocol::ids::EthAddress;

use super::SenderKey;
use crate::disk;
use crate::entropy::random;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;
use crate::sealed::{Cost, SealedFile, Subject, open, seal};

const KIND: &str = "session";
const WHAT: &str = "the session key";

/// The folder of session keys, in the folder of keys.
const FOLDER: &str = "session-keys";

/// Session keys: each allowed something by the owner of a smart account, each in a file of its own. They are in no
/// backup: whoever lost one makes a new one and has it approved.
#[derive(Debug, Clone)]
pub(crate) struct SessionKeys {
    folder: PathBuf,
    cost: Cost,
}

impl SessionKeys {
    /// The session keys in a folder of keys.
    pub(crate) fn at(keys: &Path, cost: Cost) -> Self {
        let folder = keys.join(FOLDER);
        Self { folder, cost }
    }

    /// Makes a key and seals it.
    pub(crate) fn create(&self, passphrase: &Passphrase) -> Result<SenderKey, CustodyError> {
        let key = SenderKey::from_bytes(&random()?)?;
        let address = key.address();
        let subject = Subject {
            kind: KIND,
            name: KIND,
            public: &address.to_string(),
        };
        let text = seal(subject, &key.secret()[..], passphrase, self.cost)?.to_text()?;
        if disk::write_new(&self.path(address), &text)? {
            return Ok(key);
        }
        // two keys that are the same: randomness is broken
        Err(CustodyError::damaged(
            WHAT,
            "a key that was made just now is there already",
        ))
    }

    /// Opens a key; none if there is no such key.
    pub(crate) fn open(&self, address: EthAddress, passphrase: &Passphrase) -> Result<Option<SenderKey>, CustodyError> {
        let Some(bytes) = disk::read(&self.path(address))? else {
            return Ok(None);
        };
        let file = SealedFile::parse(WHAT, &bytes)?;
        if file.kind != KIND || file.public != address.to_string() {
            return Err(CustodyError::damaged(WHAT, "it is another key's file"));
        }
        let secret = open(WHAT, &file, passphrase)?;
        let key = SenderKey::from_bytes(&secret).map_err(|_| CustodyError::damaged(WHAT, "its secret is no key"))?;
        if key.address() == address {
            Ok(Some(key))
        } else {
            Err(CustodyError::damaged(WHAT, "its address is another key's"))
        }
    }

    /// Deletes a key for good. False if there is none.
    pub(crate) fn delete(&self, address: EthAddress) -> Result<bool, CustodyError> {
        let path = self.path(address);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(CustodyError::file("delete", &path)(error)),
        }
    }

    fn path(&self, address: EthAddress) -> PathBuf {
        self.folder.join(format!("{}.key.json", address.to_lower_hex()))
    }
}
