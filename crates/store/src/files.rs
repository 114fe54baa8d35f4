use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use maci_protocol::ids::PollRef;

/// The folder of one poll's files: `<root>/<chain>/<maci>/poll-<id>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollFolder(PathBuf);

/// A file that could not be read or written; what was there before is there still.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}: {source}; check permissions and free space", path.display())]
pub struct FileError {
    /// Read, write or list.
    pub doing: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl PollFolder {
    /// The folder of a poll below `root`. Nothing is created yet.
    pub fn new(root: &Path, poll: PollRef) -> Self {
        Self(
            root.join(poll.chain.to_string())
                .join(poll.maci.to_string())
                .join(format!("poll-{}", poll.poll)),
        )
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file whole or not at all, even if the power fails meanwhile. `name` is a plain
    /// file name such as `tally.json`.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
        let path = self.file(name, "write")?;
        let failed = |source| FileError {
            doing: "write",
            path: path.clone(),
            source,
        };
        fs::create_dir_all(&self.0).map_err(failed)?;
        // one name per process: two writers of the same file do not meet in the temporary one
        let fresh = self.0.join(format!(".{name}.{}.new", std::process::id()));
        let mut file = File::create(&fresh).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&fresh, &path).map_err(failed)?;
        // the new name is durable only once the folder is
        File::open(&self.0)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
        Ok(path)
    }

    /// Reads a file; none if there is none.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.file(name, "read")?;
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FileError {
                doing: "read",
                path,
                source,
            }),
        }
    }

    fn file(&self, name: &str, doing: &'static str) -> Result<PathBuf, FileError> {
        let mut parts = Path::new(name).components();
        let plain =
            matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) && !name.starts_with('.');
        if plain {
            return Ok(self.0.join(name));
        }
        Err(FileError {
            doing,
            path: self.0.join(name),
            source: io::Error::new(io::ErrorKind::InvalidInput, "not a plain file name"),
        })
    }
}
