use std::path::{Path, PathBuf};

use super::atomic::{read, write_atomically};
use crate::error::StoreError;

/// `deployed-contracts.json`, which other tools read and write too.
#[derive(Debug, Clone)]
pub struct Deployments {
    path: PathBuf,
}

impl Deployments {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's text; none if there is no file.
    ///
    /// # Errors
    /// When it cannot be read or is not text.
    pub fn read_text(&self) -> Result<Option<String>, StoreError> {
        let text = read(&self.path)?.map(String::from_utf8).transpose();
        text.map_err(|error| StoreError::DamagedFile {
            path: self.path.clone(),
            reason: error.to_string(),
        })
    }

    /// Writes the file, in place of what was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_text(&self, text: &str) -> Result<(), StoreError> {
        write_atomically(&self.path, text.as_bytes())
    }
}
