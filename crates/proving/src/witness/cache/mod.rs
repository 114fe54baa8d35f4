//! Compiled calculators on disk, so that a calculator is compiled once per machine and version.
//!
//! - `kept`   one compiled module in a file: written whole, trusted only when it must be ours
mod kept;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Module, OptLevel};

use super::{WitnessError, arithmetic};

/// What the name of every kept module ends with.
const ENDING: &str = "module";

/// Compiles wasm modules and keeps the machine code: in memory only, or beside the calculator it
/// was made from, or where that folder cannot be written, in another one.
///
/// A kept module's name holds the hash of the wasm and of everything the machine code depends on:
/// wasmtime's version, its settings and the processor.
#[derive(Clone)]
pub struct ModuleCache {
    engine: Engine,
    place: Place,
}

/// Where compiled modules are kept.
#[derive(Clone)]
enum Place {
    Nowhere,
    BesideElse(Arc<PathBuf>),
}

impl ModuleCache {
    /// A cache that writes nothing.
    pub fn in_memory() -> Self {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::Speed);
        config.wasm_wide_arithmetic(true); // for `arithmetic`
        #[expect(clippy::expect_used, reason = "the settings are constant and known to be valid")]
        let engine = Engine::new(&config).expect("wasmtime takes these settings");
        Self {
            engine,
            place: Place::Nowhere,
        }
    }

    /// A cache beside the calculators. What cannot be kept there, because the folder is another
    /// user's or read-only, is kept in `folder`, which is made when it is needed; what cannot be
    /// kept there either is compiled anew in every process.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            place: Place::BesideElse(Arc::new(folder.to_owned())),
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
        let places = self.places(wasm, &bytes);
        if let Some(module) = places.iter().find_map(|path| kept::read(&self.engine, path)) {
            return Ok((module, accelerated));
        }
        let module = Module::from_binary(&self.engine, &bytes).map_err(|error| WitnessError::NotACalculator {
            path: wasm.to_owned(),
            reason: format!("{error:#}"),
        })?;
        self.keep(&module, wasm, &places);
        Ok((module, accelerated))
    }

    /// Where this module may be kept, the best place first.
    fn places(&self, wasm: &Path, content: &[u8]) -> Vec<PathBuf> {
        let Place::BesideElse(folder) = &self.place else {
            return Vec::new();
        };
        let mut name = stem_of(wasm);
        name.push(format!(".{}.{ENDING}", self.key_of(content)));
        vec![wasm.with_file_name(&name), folder.join(&name)]
    }

    fn keep(&self, module: &Module, wasm: &Path, places: &[PathBuf]) {
        let mut refusals = Vec::new();
        for path in places {
            match kept::write(module, path) {
                Ok(()) => return,
                Err(error) => refusals.push(format!("{}: {error}", path.display())),
            }
        }
        if !refusals.is_empty() {
            let why = refusals.join("; ");
            tracing::warn!(wasm = %wasm.display(), why, "a compiled witness calculator is not kept");
        }
    }

    /// The content, and wasmtime's version, its settings and the processor.
    fn key_of(&self, wasm: &[u8]) -> String {
        use std::hash::{Hash, Hasher};
        let mut settings = std::hash::DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut settings);
        let content = hex::encode(Sha256::digest(wasm));
        format!("{content}-{:016x}", settings.finish())
    }
}

impl std::fmt::Debug for ModuleCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("ModuleCache");
        match &self.place {
            Place::Nowhere => debug.finish(),
            Place::BesideElse(folder) => debug.field("else_in", folder).finish(),
        }
    }
}

/// Removes what was kept beside a calculator: it is about to be replaced by another one.
pub(crate) fn forget(wasm: &Path) -> std::io::Result<()> {
    let Some(folder) = wasm.parent().filter(|folder| folder.is_dir()) else {
        return Ok(());
    };
    let mut start = stem_of(wasm);
    start.push(".");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ours = path.extension().is_some_and(|ending| ending == ENDING);
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if ours && name.starts_with(start.as_encoded_bytes()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn stem_of(wasm: &Path) -> OsString {
    wasm.file_stem().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
