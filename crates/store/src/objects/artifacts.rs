use std::fmt;
use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

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
        /// Where it is.
        place: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Things that took long to make and can be made again, each under the hash of what it follows
/// from. A damaged one counts as missing.
#[derive(Debug, Clone)]
pub struct Artifacts {
    objects: Arc<dyn ObjectStore>,
}

impl Artifacts {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// Keeps an artifact, in place of what was there. Readers see the old or the new one, never
    /// part of one, and it is durable when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn put(&self, key: &ArtifactKey, bytes: &[u8]) -> Result<(), StoreError> {
        let place = place(key);
        let mut object = Vec::with_capacity(MAGIC.len() + 65 + bytes.len());
        object.extend_from_slice(MAGIC);
        object.extend_from_slice(digest(key, bytes).as_bytes());
        object.push(b'\n');
        object.extend_from_slice(bytes);
        let put = self.objects.put(&place, PutPayload::from(object)).await;
        put.map_err(StoreError::object("write", &place))?;
        Ok(())
    }

    /// What is there under the key.
    ///
    /// # Errors
    /// When the disk or the bucket fails; a damaged object is no error.
    pub async fn get(&self, key: &ArtifactKey) -> Result<Found, StoreError> {
        let place = place(key);
        let object = match self.objects.get(&place).await {
            Ok(found) => found.bytes().await.map_err(StoreError::object("read", &place))?,
            Err(object_store::Error::NotFound { .. }) => return Ok(Found::Missing),
            Err(error) => return Err(StoreError::object("read", &place)(error)),
        };
        Ok(match checked(key, &object) {
            Ok(bytes) => Found::Whole(bytes.to_vec()),
            Err(reason) => Found::Damaged {
                place: place.to_string(),
                reason,
            },
        })
    }

    /// The same for threads outside of the runtime, such as those that prove.
    pub fn blocking(&self, runtime: Handle) -> BlockingArtifacts {
        BlockingArtifacts {
            artifacts: self.clone(),
            runtime,
        }
    }
}

/// [`Artifacts`] for threads outside of the runtime. Inside of it these calls panic.
#[derive(Debug, Clone)]
pub struct BlockingArtifacts {
    artifacts: Artifacts,
    runtime: Handle,
}

impl BlockingArtifacts {
    /// As [`Artifacts::put`].
    ///
    /// # Errors
    /// As [`Artifacts::put`].
    pub fn put(&self, key: &ArtifactKey, bytes: &[u8]) -> Result<(), StoreError> {
        self.runtime.block_on(self.artifacts.put(key, bytes))
    }

    /// As [`Artifacts::get`].
    ///
    /// # Errors
    /// As [`Artifacts::get`].
    pub fn get(&self, key: &ArtifactKey) -> Result<Found, StoreError> {
        self.runtime.block_on(self.artifacts.get(key))
    }
}

/// Where an artifact is: on one of 256 shelves, so that no folder gets too full.
fn place(key: &ArtifactKey) -> Path {
    let name = key.to_string();
    let shelf = name.get(..2).unwrap_or_default();
    Path::from_iter([shelf, name.as_str()])
}

/// The artifact inside an object, if it is the one that was put under the key.
fn checked<'a>(key: &ArtifactKey, object: &'a [u8]) -> Result<&'a [u8], &'static str> {
    let rest = object.strip_prefix(MAGIC).ok_or("it is no artifact")?;
    let (written, rest) = rest.split_at_checked(64).ok_or("it is cut off")?;
    let bytes = rest.strip_prefix(b"\n").ok_or("it is cut off")?;
    if written == digest(key, bytes).as_bytes() {
        Ok(bytes)
    } else {
        Err("its digest is wrong")
    }
}

/// SHA-256 of key and content, so that an object under a wrong name is noticed too.
fn digest(key: &ArtifactKey, bytes: &[u8]) -> String {
    hex::encode(Sha256::new().chain_update(key.0).chain_update(bytes).finalize())
}

#[cfg(test)]
mod tests;
