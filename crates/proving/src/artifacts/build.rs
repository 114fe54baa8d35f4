//! Makes a circuit's folder: compiled from our sources, with a development key.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use maci_protocol::circuit::CircuitFiles;
use maci_protocol::{CircuitId, Profile};
use sha2::{Digest, Sha256};

use super::circuit::development_key;
use super::{ArtifactError, CircuitArtifacts, Manifest};
use crate::compile::{CompileError, Compiled, Compiler, Optimisation};
use crate::formats::r1cs::R1cs;
use crate::formats::{FormatError, json};
use crate::lock::Lock;
use crate::setup::{NoRandomness, Secrets, SetupError};

/// Why a circuit's folder was not made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The circuit was not compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// A file cannot be put into the folder.
    #[error("{file}: {source}")]
    Place {
        /// The file.
        file: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The key was not made.
    #[error("{circuit}: {source}")]
    Setup {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: SetupError,
    },
    /// There are no random numbers.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// What was made does not fit together.
    #[error(transparent)]
    Artifacts(#[from] ArtifactError),
    /// There is nothing to make a key for.
    #[error("{circuit} is not built; run `circuits build` first")]
    NotBuilt {
        /// The circuit.
        circuit: CircuitId,
    },
}

/// Compiles one of our circuits and puts r1cs, symbols, wasm and manifest into its folder below
/// `root`. Does nothing if they are there already; a key of other sources is removed.
pub fn build(compiler: &Compiler, circuit: CircuitId, root: &Path) -> Result<Manifest, BuildError> {
    let parameters: Vec<u32> = circuit.parameters().iter().copied().map(u32::from).collect();
    let compiled = compiler.compile(circuit.template().name(), &parameters, Optimisation::O2)?;
    let files = CircuitFiles::new(circuit.to_string());
    let folder = root.join(files.name());
    let place = |path: &Path| {
        let file = path.display().to_string();
        move |source| BuildError::Place { file, source }
    };
    fs::create_dir_all(&folder).map_err(place(&folder))?;
    let _lock = Lock::beside(&folder).map_err(place(&folder))?;
    match Manifest::read(&folder) {
        Ok(Some(manifest)) if manifest.source_hash == compiled.source_hash => return Ok(manifest),
        Ok(_) | Err(ArtifactError::Manifest { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    // The old manifest goes first and the new one comes last: it stands for a whole folder only.
    for stale in [
        folder.join(Manifest::FILE),
        development_key(&files, root),
        files.zkey(root),
    ] {
        remove(&stale).map_err(place(&stale))?;
    }
    let wasm = files.wasm(root);
    crate::witness::forget(&wasm).map_err(place(&wasm))?;
    for (from, to) in [
        (compiled.r1cs(), files.r1cs(root)),
        (compiled.symbols(), files.sym(root)),
        (compiled.wasm(), files.wasm(root)),
    ] {
        put(&from, &to).map_err(place(&to))?;
    }
    let manifest = describe(compiler, circuit, &compiled)?;
    manifest.write(&folder)?;
    Ok(manifest)
}

/// Makes a development key for a circuit that is built; keeps one that is there.
pub fn develop(circuit: CircuitId, root: &Path) -> Result<CircuitArtifacts, BuildError> {
    let files = CircuitFiles::new(circuit.to_string());
    let folder = root.join(files.name());
    let not_built = || BuildError::NotBuilt { circuit };
    let mut manifest = Manifest::read(&folder)?.ok_or_else(not_built)?;
    let _lock = Lock::beside(&folder).map_err(|source| BuildError::Place {
        file: folder.display().to_string(),
        source,
    })?;
    let zkey = development_key(&files, root);
    if !files.zkey(root).is_file() && !zkey.is_file() {
        tracing::info!(%circuit, constraints = manifest.constraints, "making a development key");
        let r1cs = R1cs::read(&files.r1cs(root))?;
        let made = crate::setup::develop(&r1cs, &Secrets::draw()?, &zkey);
        made.map_err(|source| BuildError::Setup { circuit, source })?;
    }
    let artifacts = CircuitArtifacts::open(root, circuit)?;
    json::write_verifying_key(&folder.join("verification_key.json"), artifacts.verifying_key())?;
    manifest.development_only = Some(artifacts.is_development_only());
    manifest.write(&folder)?;
    Ok(artifacts)
}

fn describe(compiler: &Compiler, circuit: CircuitId, compiled: &Compiled) -> Result<Manifest, BuildError> {
    let shape = R1cs::read_shape(&compiled.r1cs())?;
    let hash = hash_of(&compiled.r1cs());
    let hash = hash.map_err(|source| BuildError::Place {
        file: compiled.r1cs().display().to_string(),
        source,
    })?;
    Ok(Manifest {
        circuit,
        profile: Profile::Hardened,
        compiler: compiler.version().to_owned(),
        source_hash: compiled.source_hash.clone(),
        r1cs_hash: hash,
        constraints: shape.constraints,
        wires: shape.wires,
        publics: shape.publics(),
        domain: shape.domain(),
        development_only: None,
    })
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Puts a file in place under a second name where the file system can, as a copy elsewhere.
fn put(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    remove(to)?;
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}
