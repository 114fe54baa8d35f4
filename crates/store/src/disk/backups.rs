use std::path::{Path, PathBuf};

use maci_protocol::cid::ContentDigest;

use super::atomic::{make_folder, write_atomically};
use crate::error::StoreError;

/// Backup files of relayed batches, named as other tools look for them: `0x<64 digits>.json`.
#[derive(Debug, Clone)]
pub struct BatchBackups {
    folder: PathBuf,
}

impl BatchBackups {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder, which may not be there yet.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a batch's bytes under the name that follows from them, unless the file is there. Answers where.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn keep(&self, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let digest = ContentDigest::of(bytes);
        let path = self.folder.join(format!("{}.json", digest.to_bytes32_hex()));
        let there = super::atomic::read(&path)?;
        if there.is_none_or(|there| ContentDigest::of(&there) != digest) {
            make_folder(&self.folder)?;
            write_atomically(&path, bytes)?;
        }
        Ok(path)
    }
}
