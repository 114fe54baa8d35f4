use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::error::StoreError;

/// Makes a folder and those above it; the new one is for its owner alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(StoreError::file("make the folder", folder))
}

/// Writes a file so that whoever looks sees the old content or the new one, even if the machine
/// stops at any moment: into a file beside it, to the disk, then renamed.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut beside = tempfile::Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .suffix(TEMPORARY_SUFFIX)
            .tempfile_in(folder)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        beside.persist(path)?;
        sync_folder(folder)
    };
    write().map_err(StoreError::file("write", path))
}

const TEMPORARY_PREFIX: &str = ".writing-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Puts a rename on the disk; only Unix has folders that can be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A file's bytes; none if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::file("read", path)(error)),
    }
}
