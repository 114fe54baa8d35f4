//! One compiled module in a file: 32 bytes of SHA-256, then wasmtime's machine code.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};
use wasmtime::{Engine, Module};

/// The superuser, who can do to us what he likes anyway.
const ROOT: u32 = 0;

/// The module in a file; nothing if there is none, or it cannot be trusted, or is of no use.
#[expect(unsafe_code, reason = "wasmtime cannot check machine code that it reads back")]
pub(super) fn read(engine: &Engine, path: &Path) -> Option<Module> {
    let code = match trusted_code(path) {
        Ok(code) => code?,
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "a kept module is not used");
            return None;
        }
    };
    // SAFETY: the bytes are in memory, so nobody changes them any more. They come from a file that
    // this user or root wrote and that nobody else may write (`trusted_code` asks the open file,
    // not its name), and they have the hash that `write` put before them: they are what wasmtime
    // serialized there. wasmtime itself refuses code of another version, of other settings or for
    // another processor.
    let module = unsafe { Module::deserialize(engine, &code) };
    if let Err(error) = &module {
        tracing::debug!(file = %path.display(), %error, "a kept module is of no use");
    }
    module.ok()
}

/// The machine code in a file that only this user or root can have written.
fn trusted_code(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let found = file.metadata()?;
    if !found.is_file() || (found.uid() != ROOT && found.uid() != own_user()?) {
        return Err(refused("it belongs to another user"));
    }
    if found.mode() & 0o022 != 0 {
        return Err(refused("others may write it"));
    }
    let mut hash = [0; 32];
    file.read_exact(&mut hash)?;
    let mut code = Vec::with_capacity(found.len() as usize);
    file.read_to_end(&mut code)?;
    if Sha256::digest(&code)[..] != hash {
        return Err(refused("it is damaged"));
    }
    Ok(Some(code))
}

/// Puts a module into a file that others may read and nobody else may write.
pub(super) fn write(module: &Module, path: &Path) -> io::Result<()> {
    let code = module.serialize().map_err(io::Error::other)?;
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    if !folder.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(&Sha256::digest(&code))?;
    temporary.write_all(&code)?;
    temporary.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    Ok(())
}

/// The user this process writes files as: the owner of its entry among the processes, or where
/// there is no such thing, of a file it makes.
fn own_user() -> io::Result<u32> {
    let found = fs::metadata("/proc/self").or_else(|_| tempfile::tempfile()?.metadata())?;
    Ok(found.uid())
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}
