use std::fmt;
use std::path::{Path, PathBuf};

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::disk;
use crate::error::CustodyError;

/// What seals keys. Erased when dropped; its `Debug` says nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(Vec<u8>);

/// A passphrase read from a file.
#[derive(Debug, Clone)]
pub struct PassphraseFile {
    /// The passphrase.
    pub passphrase: Passphrase,
    /// Set if others than the owner can read the file.
    pub warning: Option<OpenToOthers>,
}

/// A file with a secret that others than its owner can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} can be read by others (mode {mode:03o}); `chmod 600` it", path.display())]
pub struct OpenToOthers {
    /// The file.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
}

impl Passphrase {
    /// A passphrase of these bytes, every one of which counts.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(bytes: Vec<u8>) -> Result<Self, CustodyError> {
        if bytes.is_empty() {
            return Err(CustodyError::EmptyPassphrase);
        }
        Ok(Self(bytes))
    }

    /// The first line of a file, without its end of line.
    ///
    /// # Errors
    /// When the file cannot be read, is too long for one, or its first line is empty.
    pub fn from_file(path: &Path) -> Result<PassphraseFile, CustodyError> {
        let bytes = disk::read(path)?
            .ok_or_else(|| CustodyError::file("read the passphrase file", path)(std::io::ErrorKind::NotFound.into()))?;
        let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(PassphraseFile {
            passphrase: Self::new(line.to_vec())?,
            warning: open_to_others(path)?,
        })
    }

    /// Whether another one is the same, in a time that does not tell how far it is.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}

#[cfg(unix)]
fn open_to_others(path: &Path) -> Result<Option<OpenToOthers>, CustodyError> {
    use std::os::unix::fs::MetadataExt;

    let mode = std::fs::metadata(path)
        .map_err(CustodyError::file("look at", path))?
        .mode()
        & 0o777;
    Ok((mode & 0o077 != 0).then(|| OpenToOthers {
        path: path.to_owned(),
        mode,
    }))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Result<Option<OpenToOthers>, CustodyError> {
    Ok(None)
}
