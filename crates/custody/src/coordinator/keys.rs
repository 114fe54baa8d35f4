use std::fs;
use std::io;
use std::path::PathBuf;

use maci_crypto::keys::{PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::CoordinatorKey;
use crate::disk;
use crate::entropy::random;
use crate::error::CustodyError;
use crate::name::KeyName;
use crate::passphrase::Passphrase;
use crate::sealed::{Cost, SealedFile, Subject, open, seal};

const KIND: &str = "coordinator";
const EXTENSION: &str = "key.json";

/// A folder of sealed coordinators' keys, a file each.
#[derive(Debug, Clone)]
pub struct CoordinatorKeys {
    folder: PathBuf,
    cost: Cost,
}

/// A key as far as it is known without its passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: KeyName,
    /// Its public half, as the file says; opening the key proves it.
    pub public_key: PublicKey,
}

/// What a folder of keys holds.
#[derive(Debug, Default)]
pub struct KeyList {
    /// The keys, ascending by name.
    pub keys: Vec<KnownKey>,
    /// Files that should be keys but cannot be read.
    pub unreadable: Vec<CustodyError>,
}

impl CoordinatorKeys {
    /// The keys in a folder, which is made with the first one. New keys are sealed at `cost`.
    pub fn at(folder: impl Into<PathBuf>, cost: Cost) -> Self {
        let folder = folder.into();
        Self { folder, cost }
    }

    /// Makes a new key and seals it.
    ///
    /// # Errors
    /// When the name is taken or the key cannot be written; then there is no key.
    pub fn create(&self, name: &KeyName, passphrase: &Passphrase) -> Result<CoordinatorKey, CustodyError> {
        let seed = random()?;
        self.import(name, PrivateKey::from_seed(*seed).into(), passphrase)
    }

    /// Seals a key that was made elsewhere.
    ///
    /// # Errors
    /// When the name is taken or the key cannot be written.
    pub fn import(
        &self,
        name: &KeyName,
        key: CoordinatorKey,
        passphrase: &Passphrase,
    ) -> Result<CoordinatorKey, CustodyError> {
        let text = self.sealed_text(name, &key, passphrase)?;
        if disk::write_new(&self.path(name), &text)? {
            Ok(key)
        } else {
            Err(CustodyError::NameTaken { name: name.clone() })
        }
    }

    /// Opens a key.
    ///
    /// # Errors
    /// [`CustodyError::NoSuchKey`], [`CustodyError::WrongPassphrase`], or that its file is damaged.
    pub fn open(&self, name: &KeyName, passphrase: &Passphrase) -> Result<CoordinatorKey, CustodyError> {
        opened(&what(name), &self.read(name)?, passphrase)
    }

    /// The keys there are, without opening them.
    ///
    /// # Errors
    /// When the folder cannot be read; a damaged key is listed as such.
    pub fn list(&self) -> Result<KeyList, CustodyError> {
        let failed = || CustodyError::file("list the keys in", &self.folder);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(KeyList::default()),
            Err(error) => return Err(failed()(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(failed())?.file_name();
            let name = file
                .to_str()
                .and_then(|file| file.strip_suffix(EXTENSION)?.strip_suffix('.'));
            names.extend(name.and_then(|name| name.parse::<KeyName>().ok()));
        }
        names.sort_unstable();
        let mut list = KeyList::default();
        for name in names {
            match self.read(&name).and_then(|file| public_half(&what(&name), &file)) {
                Ok(public_key) => list.keys.push(KnownKey { name, public_key }),
                Err(error) => list.unreadable.push(error),
            }
        }
        Ok(list)
    }

    /// The name of the key with this public half, if there is one; the first one by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn find_by_public_key(&self, public_key: &PublicKey) -> Result<Option<KeyName>, CustodyError> {
        let mut keys = self.list()?.keys.into_iter();
        Ok(keys.find(|key| key.public_key == *public_key).map(|key| key.name))
    }

    /// A backup: the key sealed under a passphrase of its own, as the text of a file. Put into a
    /// folder of keys under its name, it opens with that passphrase.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn export(
        &self,
        name: &KeyName,
        passphrase: &Passphrase,
        backup_passphrase: &Passphrase,
    ) -> Result<String, CustodyError> {
        let key = self.open(name, passphrase)?;
        self.sealed_text(name, &key, backup_passphrase)
    }

    /// Takes a key back from the text of a backup, under a name and a passphrase of choice.
    ///
    /// # Errors
    /// When the backup does not open, or as [`Self::import`].
    pub fn restore(
        &self,
        name: &KeyName,
        backup: &str,
        backup_passphrase: &Passphrase,
        passphrase: &Passphrase,
    ) -> Result<CoordinatorKey, CustodyError> {
        let what = "the backup";
        let file = SealedFile::parse(what, backup.as_bytes())?;
        let key = opened(what, &file, backup_passphrase)?;
        self.import(name, key, passphrase)
    }

    fn path(&self, name: &KeyName) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }

    fn read(&self, name: &KeyName) -> Result<SealedFile, CustodyError> {
        let bytes = disk::read(&self.path(name))?.ok_or_else(|| CustodyError::NoSuchKey {
            name: name.clone(),
            folder: self.folder.clone(),
        })?;
        let file = SealedFile::parse(&what(name), &bytes)?;
        if file.name == name.as_str() {
            Ok(file)
        } else {
            let reason = format!("it is the file of another key, `{}`", file.name);
            Err(CustodyError::damaged(&what(name), reason))
        }
    }

    fn sealed_text(
        &self,
        name: &KeyName,
        key: &CoordinatorKey,
        passphrase: &Passphrase,
    ) -> Result<String, CustodyError> {
        let subject = Subject {
            kind: KIND,
            name: name.as_str(),
            public: &key.public_key().to_string(),
        };
        let secret = Zeroizing::new(*key.private_key().expose_seed());
        seal(subject, &secret[..], passphrase, self.cost)?.to_text()
    }
}

/// How errors name a key's file.
fn what(name: &KeyName) -> String {
    format!("the coordinator key `{name}`")
}

/// The public half a file claims.
fn public_half(what: &str, file: &SealedFile) -> Result<PublicKey, CustodyError> {
    if file.kind != KIND {
        return Err(CustodyError::damaged(what, "it is a key of another kind"));
    }
    PublicKey::parse(&file.public).map_err(|error| CustodyError::damaged(what, error))
}

/// Opens a file and proves the public half it claims.
fn opened(what: &str, file: &SealedFile, passphrase: &Passphrase) -> Result<CoordinatorKey, CustodyError> {
    let claimed = public_half(what, file)?;
    let seed = open(what, file, passphrase)?;
    let key = CoordinatorKey::from(PrivateKey::from_seed(*seed));
    if key.public_key() == claimed {
        Ok(key)
    } else {
        Err(CustodyError::damaged(what, "its public half is of another key"))
    }
}
