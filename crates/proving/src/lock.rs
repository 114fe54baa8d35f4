//! One process at a time: a lock that the operating system lets go of when its holder dies.

use std::fs::File;
use std::io;
use std::path::Path;

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

impl Lock {
    /// Waits for the lock whose file lies beside `path` under its name with `.lock` added.
    pub(crate) fn beside(path: &Path) -> io::Result<Self> {
        let file = File::create(path.with_added_extension("lock"))?;
        file.lock()?;
        Ok(Self(file))
    }
}
