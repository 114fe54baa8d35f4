//! Compiled modules on disk, so that a calculator is compiled once per machine and version.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Module, OptLevel};

use super::{WitnessError, arithmetic};

/// Compiles wasm modules and keeps the machine code, in memory only or in a folder as well.
///
/// Machine code read back from the folder runs unchecked. So the folder is created readable and
/// writable by its owner alone, and one that anybody else may write to is not used.
#[derive(Clone)]
pub struct ModuleCache {
    engine: Engine,
    folder: Option<Arc<PathBuf>>,
}

impl ModuleCache {
    /// A cache that writes nothing.
    pub fn in_memory() -> Self {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::Speed);
        config.wasm_wide_arithmetic(true); // for `arithmetic`
        #[expect(clippy::expect_used, reason = "the settings are constant and known to be valid")]
        let engine = Engine::new(&config).expect("wasmtime takes these settings");
        Self { engine, folder: None }
    }

    /// A cache in `folder`, which is made if it is missing. A folder that cannot be made or that
    /// others may write to is left alone: modules are then compiled anew in every process.
    pub fn in_folder(folder: &Path) -> Self {
        let private = make_private(folder);
        if let Err(error) = &private {
            tracing::warn!(folder = %folder.display(), %error, "compiled witness calculators are not kept");
        }
        let folder = private.is_ok().then(|| Arc::new(folder.to_owned()));
        Self {
            folder,
            ..Self::in_memory()
        }
    }

    /// The module in a wasm file, and whether its products were replaced by faster ones.
    pub(super) fn load(&self, wasm: &Path) -> Result<(Module, bool), WitnessError> {
        let bytes = fs::read(wasm).map_err(|source| WitnessError::Read {
            path: wasm.to_owned(),
            source,
        })?;
        let faster = arithmetic::accelerate(&bytes);
        let accelerated = faster.is_some();
        let bytes = faster.unwrap_or(bytes);
        let kept = self.folder.as_ref().map(|folder| folder.join(self.name_of(&bytes)));
        if let Some(module) = kept.as_deref().and_then(|path| self.read_back(path)) {
            return Ok((module, accelerated));
        }
        let module = Module::from_binary(&self.engine, &bytes).map_err(|error| WitnessError::NotACalculator {
            path: wasm.to_owned(),
            reason: format!("{error:#}"),
        })?;
        if let Some(path) = kept
            && let Err(error) = keep(&module, &path)
        {
            tracing::warn!(file = %path.display(), %error, "a compiled witness calculator is not kept");
        }
        Ok((module, accelerated))
    }

    /// The content, wasmtime's version and settings, and the processor decide the name.
    fn name_of(&self, wasm: &[u8]) -> String {
        use std::hash::{Hash, Hasher};
        let mut settings = std::hash::DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut settings);
        let content = hex::encode(Sha256::digest(wasm));
        format!("{content}-{:016x}.module", settings.finish())
    }

    #[expect(unsafe_code, reason = "wasmtime cannot check machine code that it reads back")]
    fn read_back(&self, path: &Path) -> Option<Module> {
        if !path.exists() {
            return None;
        }
        // SAFETY: the file was written by `keep` below from a module that wasmtime compiled; the
        // folder belongs to this user and nobody else may write to it (`make_private`); files are
        // put there whole, by renaming, and never changed afterwards. wasmtime itself refuses code
        // of another version, of other settings or for another processor.
        let module = unsafe { Module::deserialize_file(&self.engine, path) };
        if let Err(error) = &module {
            tracing::debug!(file = %path.display(), %error, "a kept module is of no use");
        }
        module.ok()
    }
}

impl std::fmt::Debug for ModuleCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModuleCache")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = fs::metadata(folder)?;
    let probe = tempfile::tempfile_in(folder)?;
    if found.uid() != probe.metadata()?.uid() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the folder belongs to another user",
        ));
    }
    if found.mode() & 0o022 != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "others may write to the folder",
        ));
    }
    Ok(())
}

fn keep(module: &Module, path: &Path) -> Result<(), io::Error> {
    use io::Write;
    let code = module.serialize().map_err(io::Error::other)?;
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(&code)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    Ok(())
}
