use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};

use maci_protocol::ids::PollRef;

use super::PollFolder;
use crate::error::StoreError;

/// The right to work on a poll, of one holder at a time among all processes on the machine. The
/// system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct PollLock {
    file: File,
}

impl PollLock {
    pub(crate) fn take(folder: &PollFolder, poll: &PollRef, what: &str) -> Result<Self, StoreError> {
        // the file stays for good: removing it would let two holders lock two files of one name
        let path = folder.path().join(".lock");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(StoreError::file("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::PollBusy {
                    poll: *poll,
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::file("lock", &path)(source)),
        }
        file.set_len(0)
            .and_then(|()| write!(file, "process {} ({what})", std::process::id()))
            .map_err(StoreError::file("write the lock", &path))?;
        Ok(Self { file })
    }
}

impl Drop for PollLock {
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
