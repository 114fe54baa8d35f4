use std::fs;
use std::path::{Path, PathBuf};

use maci_protocol::ids::PollRef;

use super::atomic::{make_folder, read, write_atomically};
use crate::error::StoreError;

/// A poll's files, in the shape other tools read: `tally.json`, `process_<i>.json` and so on.
#[derive(Debug, Clone)]
pub struct PollFolder {
    folder: PathBuf,
}

impl PollFolder {
    pub(crate) fn open(polls: &Path, poll: &PollRef) -> Result<Self, StoreError> {
        let PollRef { chain, maci, poll } = poll;
        let folder = polls.join(format!("{chain}-{}-{poll}", maci.to_lower_hex()));
        make_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a file, in place of what was there. Readers see the old or the new content, never
    /// part of one.
    ///
    /// # Errors
    /// When the name is no plain file name or the file cannot be written.
    pub fn write_atomically(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        write_atomically(&self.place(name)?, bytes)
    }

    /// A file's bytes; none if there is no such file.
    ///
    /// # Errors
    /// When the name is no plain file name or the file cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read(&self.place(name)?)
    }

    /// The names of the files, ascending. Hidden files are not among them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<String>, StoreError> {
        let failed = || StoreError::file("list", &self.folder);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let is_file = entry.file_type().map_err(failed())?.is_file();
            if let (true, Ok(name)) = (is_file, entry.file_name().into_string())
                && plain(&name).is_ok()
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn place(&self, name: &str) -> Result<PathBuf, StoreError> {
        plain(name).map_err(|reason| StoreError::BadName {
            name: name.chars().take(80).collect(),
            reason,
        })?;
        Ok(self.folder.join(name))
    }
}

/// Whether a name stays in its folder, on every system.
fn plain(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > 200 {
        return Err("it must have 1 to 200 characters");
    }
    if name.starts_with('.') {
        return Err("names with a dot in front are used for locks and unfinished files");
    }
    if !name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    {
        return Err("it may have letters, digits, dots, dashes and underscores");
    }
    Ok(())
}
