use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::disk::make_folder;
use crate::error::StoreError;

/// A file that one process has locked. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
    path: PathBuf,
}

impl FileLock {
    pub(super) fn take(folder: &Path, name: &str, what: &str) -> Result<Result<Self, String>, StoreError> {
        make_folder(folder)?;
        // the file stays for good: removing it would let two holders lock two files of one name
        let path = folder.join(format!("{name}.lock"));
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(StoreError::file("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Err(holder(&mut file))),
            Err(TryLockError::Error(source)) => return Err(StoreError::file("lock", &path)(source)),
        }
        file.set_len(0)
            .and_then(|()| write!(file, "process {} ({what})", std::process::id()))
            .map_err(StoreError::file("write the lock", &path))?;
        Ok(Ok(Self { file, path }))
    }

    pub(super) fn bury(self) {
        // if it cannot be removed it lies there, unlocked, and harms nobody
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // closing the file unlocks it; a name left behind would only be shown while nobody has it
        let _ = self.file.set_len(0);
    }
}

/// Whoever wrote his name into the lock; it may not be there yet.
fn holder(file: &mut File) -> String {
    let mut name = String::new();
    match file.take(200).read_to_string(&mut name) {
        Ok(_) if !name.is_empty() => name,
        Ok(_) | Err(_) => "another process".to_owned(),
    }
}
