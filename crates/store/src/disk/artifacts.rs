use std::fmt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::atomic::{make_folder, read, write_atomically};
use crate::error::StoreError;

/// The first line of an artifact, before its digest.
const MAGIC: &[u8] = b"maci-artifact-1 ";

/// What an artifact follows from, hashed: for a proof, its circuit inputs and proving key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactKey([u8; 32]);

impl ArtifactKey {
    /// The key of everything the artifact follows from. `kind` tells kinds of artifacts apart.
    pub fn of(kind: &str, causes: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(kind.as_bytes()).chain(causes.iter().copied()) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for ArtifactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ArtifactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArtifactKey({self})")
    }
}

/// What is there under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The artifact, as it was put.
    Whole(Vec<u8>),
    /// Nothing.
    Missing,
    /// Something that was not put like this: warn, and make it again.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Things that took long to make and can be made again, each under the hash of what it follows
/// from. A damaged one counts as missing.
#[derive(Debug, Clone)]
pub struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps an artifact, in place of what was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, key: &ArtifactKey, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(key);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        let mut file = Vec::with_capacity(MAGIC.len() + 65 + bytes.len());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(digest(key, bytes).as_bytes());
        file.push(b'\n');
        file.extend_from_slice(bytes);
        write_atomically(&path, &file)
    }

    /// What is there under the key.
    ///
    /// # Errors
    /// When the disk fails; a damaged file is no error.
    pub fn get(&self, key: &ArtifactKey) -> Result<Found, StoreError> {
        let path = self.path(key);
        let Some(file) = read(&path)? else {
            return Ok(Found::Missing);
        };
        Ok(match checked(key, &file) {
            Ok(bytes) => Found::Whole(bytes.to_vec()),
            Err(reason) => Found::Damaged { path, reason },
        })
    }

    fn path(&self, key: &ArtifactKey) -> PathBuf {
        let name = key.to_string();
        let shelf = name.get(..2).unwrap_or_default();
        self.folder.join(shelf).join(&name)
    }
}

/// The artifact inside a file, if it is the one that was put under the key.
fn checked<'a>(key: &ArtifactKey, file: &'a [u8]) -> Result<&'a [u8], &'static str> {
    let rest = file.strip_prefix(MAGIC).ok_or("it is no artifact")?;
    let (written, rest) = rest.split_at_checked(64).ok_or("it is cut off")?;
    let bytes = rest.strip_prefix(b"\n").ok_or("it is cut off")?;
    if written == digest(key, bytes).as_bytes() {
        Ok(bytes)
    } else {
        Err("its digest is wrong")
    }
}

/// SHA-256 of key and content, so that a file under a wrong name is noticed too.
fn digest(key: &ArtifactKey, bytes: &[u8]) -> String {
    hex::encode(Sha256::new().chain_update(key.0).chain_update(bytes).finalize())
}

#[cfg(test)]
mod tests;
