use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use maci_protocol::files::DeployedContracts;

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

    /// What was deployed; nothing if there is no file.
    ///
    /// # Errors
    /// When the file cannot be read or is not what it should be.
    pub fn read(&self) -> Result<DeployedContracts, StoreError> {
        let Some(bytes) = read(&self.path)? else {
            return Ok(DeployedContracts::default());
        };
        let text = str::from_utf8(&bytes).map_err(|error| self.damaged(&error))?;
        DeployedContracts::parse(text).map_err(|error| self.damaged(&error))
    }

    /// Changes the file. Changes by several processes of ours follow one another, and a change
    /// that cannot be written leaves the file as it was.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn update(&self, change: impl FnOnce(&mut DeployedContracts)) -> Result<(), StoreError> {
        let lock = self.path.with_extension("lock");
        let turn = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .map_err(StoreError::file("open the lock", &lock))?;
        // given back when the file is closed
        turn.lock().map_err(StoreError::file("lock", &lock))?;
        let mut contracts = self.read()?;
        change(&mut contracts);
        let text = contracts.to_text().map_err(|error| self.damaged(&error))?;
        write_atomically(&self.path, text.as_bytes())
    }

    fn damaged(&self, reason: &dyn ToString) -> StoreError {
        StoreError::DamagedFile {
            path: self.path.clone(),
            reason: reason.to_string(),
        }
    }
}
