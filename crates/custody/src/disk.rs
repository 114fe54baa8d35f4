use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::CustodyError;

/// The most read of a key's file: all of them are small.
const MOST: usize = 64 * 1024;

/// Makes a folder for its owner alone, and those above it.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a new file for its owner alone: whole, on the disk, and never over another one. False if
/// there is one of that name.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<bool, CustodyError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let write = || -> io::Result<bool> {
        make_folder(folder)?;
        // temporary files are readable by their owner alone
        let mut beside = tempfile::Builder::new()
            .prefix(".sealing-")
            .suffix(".tmp")
            .tempfile_in(folder)?;
        beside.write_all(text.as_bytes())?;
        beside.as_file().sync_all()?;
        match beside.persist_noclobber(path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error.error),
        }
        if cfg!(unix) {
            File::open(folder)?.sync_all()?;
        }
        Ok(true)
    };
    write().map_err(CustodyError::file("write", path))
}

/// A small file's bytes; none if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, CustodyError> {
    read_up_to(MOST, path)
}

/// A file's bytes, if there are not more than so many; none if there is no such file.
pub(crate) fn read_up_to(most: usize, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, CustodyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CustodyError::file("open", path)(error)),
    };
    // room for all of it at once: a growing vector leaves copies behind
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
    file.take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(CustodyError::file("read", path))?;
    if bytes.len() > most {
        return Err(CustodyError::damaged(&path.display().to_string(), "it is too long"));
    }
    Ok(Some(bytes))
}
