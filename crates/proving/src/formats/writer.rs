//! Writes the container of `container.rs`, section by section, atomically.

use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::FormatError;
use super::container::Format;

/// A file that appears under its name only when it is complete.
pub(crate) struct ContainerWriter {
    path: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl ContainerWriter {
    /// Starts a file beside its final place.
    pub(crate) fn create(path: &Path, format: Format, sections: u32) -> Result<Self, FormatError> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let begin = || {
            let mut out = BufWriter::with_capacity(1 << 20, tempfile::NamedTempFile::new_in(folder)?);
            out.write_all(&format.magic)?;
            out.write_all(&format.version.to_le_bytes())?;
            out.write_all(&sections.to_le_bytes())?;
            Ok(out)
        };
        let out = begin().map_err(|source| failed(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            out,
        })
    }

    /// Writes one section with whatever `body` writes, and fills in its length.
    pub(crate) fn section(
        &mut self,
        id: u32,
        body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), FormatError> {
        let write = || {
            self.out.write_all(&id.to_le_bytes())?;
            let heading = self.out.stream_position()?;
            self.out.write_all(&0u64.to_le_bytes())?;
            body(&mut self.out)?;
            let end = self.out.stream_position()?;
            self.out.seek(SeekFrom::Start(heading))?;
            self.out.write_all(&(end - heading - 8).to_le_bytes())?;
            self.out.seek(SeekFrom::Start(end))?;
            Ok(())
        };
        write().map_err(|source| failed(&self.path, source))
    }

    /// Puts a file that anybody may read in its place.
    pub(crate) fn finish(self) -> Result<(), FormatError> {
        self.publish(Readers::Everybody)
    }

    /// Puts a file that holds secrets in its place, readable by its owner alone.
    pub(crate) fn finish_private(self) -> Result<(), FormatError> {
        self.publish(Readers::Owner)
    }

    fn publish(self, readers: Readers) -> Result<(), FormatError> {
        let path = self.path;
        let publish = || {
            let temporary = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
            persist(temporary, &path, readers)
        };
        publish().map_err(|source| failed(&path, source))
    }
}

/// Writes a whole small file atomically.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), FormatError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let write = || {
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(bytes)?;
        persist(temporary, path, Readers::Everybody)
    };
    write().map_err(|source| failed(path, source))
}

#[derive(Debug, Clone, Copy)]
enum Readers {
    Owner,
    Everybody,
}

fn persist(temporary: tempfile::NamedTempFile, path: &Path, readers: Readers) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match readers {
        Readers::Owner => {} // temporary files are created that way
        Readers::Everybody => {
            let mode = std::fs::Permissions::from_mode(0o644);
            temporary.as_file().set_permissions(mode)?;
        }
    }
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> FormatError {
    FormatError::Io {
        file: path.display().to_string(),
        action: "write",
        source,
    }
}
