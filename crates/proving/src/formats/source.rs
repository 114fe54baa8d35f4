//! Bytes that can be read at any place, so that one reader serves files and slices.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::FormatError;

/// Bytes of known length that many threads may read at once.
///
/// Files are read with positioned reads, not mapped: a file that shrinks while it is read is an
/// error here, and a killed process there.
pub trait ReadAt: Sync {
    /// How many bytes there are.
    fn byte_len(&self) -> u64;
    /// Fills `buffer` with the bytes from `offset`.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
}

/// A file on disk with the length it had when it was opened.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    length: u64,
}

impl FileSource {
    /// Opens a file for reading.
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        let failed = |source| FormatError::Io {
            file: path.display().to_string(),
            action: "open",
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Self { file, length })
    }
}

impl ReadAt for FileSource {
    fn byte_len(&self) -> u64 {
        self.length
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn byte_len(&self) -> u64 {
        (**self).byte_len()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        (**self).read_exact_at(buffer, offset)
    }
}

impl ReadAt for [u8] {
    fn byte_len(&self) -> u64 {
        self.len() as u64
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(io::Error::other)?;
        let bytes = self
            .get(start..)
            .and_then(|rest| rest.get(..buffer.len()))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}
