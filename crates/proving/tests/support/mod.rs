//! What the tests of this crate share: compiled fixtures and where the npm packages are.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};

use ark_bn254::Fr;
use maci_protocol::groth16::{Proof, VerifyingKey};
use maci_proving::compile::{Compiled, Compiler, Optimisation};
use maci_proving::formats::r1cs::R1cs;
use maci_proving::formats::zkey::ZKeyFile;
use maci_proving::prove::{Backend, Blinding};
use maci_proving::setup::{self, Secrets};
use maci_proving::witness::{Inputs, ModuleCache, WasmCalculator, Witness};

/// The folder with snarkjs in `node_modules`.
pub(crate) fn clients() -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../clients");
    std::env::var_os("MACI_CLIENTS").map_or(ours, PathBuf::from)
}

/// Runs snarkjs in a folder and returns what it says; fails unless it ends well.
pub(crate) fn snarkjs(folder: &Path, arguments: &[&str]) -> String {
    let tool = clients().join("node_modules/snarkjs/build/cli.cjs");
    assert!(
        tool.is_file(),
        "snarkjs is missing; run `npm ci` in {}",
        clients().display()
    );
    let output = std::process::Command::new("node")
        .arg(tool)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "snarkjs {arguments:?}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// The folder with circom2 in `node_modules`.
pub(crate) fn circuits() -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../circuits");
    std::env::var_os("MACI_CIRCUITS").map_or(ours, PathBuf::from)
}

/// The cache of compiled circuits that everything in this repository shares.
pub(crate) fn cache() -> PathBuf {
    let ours = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("circuits");
    std::env::var_os("MACI_CIRCUIT_CACHE").map_or(ours, PathBuf::from)
}

/// A compiler with a cache that outlives the test run.
pub(crate) fn compiler() -> Compiler {
    Compiler::open(&circuits(), &cache()).unwrap_or_else(|error| panic!("{error}"))
}

/// The circuit of `fixtures/multiplier.circom`.
pub(crate) fn multiplier() -> Compiled {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/multiplier.circom");
    compiler()
        .compile_file(&file, Optimisation::O2)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Its witness calculator.
pub(crate) fn multiplier_calculator() -> WasmCalculator {
    WasmCalculator::open(&multiplier().wasm(), &ModuleCache::in_memory()).unwrap()
}

/// Inputs of the multiplier.
pub(crate) fn inputs(secret: u64, factors: [u64; 2]) -> Inputs {
    let secret = Fr::from(secret);
    let factors = factors.map(Fr::from).to_vec();
    [
        ("secret", vec![secret]),
        ("square", vec![secret * secret]),
        ("factors", factors),
    ]
    .into_iter()
    .collect()
}

/// A development key for the multiplier, in a folder that goes away with it.
pub(crate) struct Keys {
    folder: tempfile::TempDir,
    pub(crate) zkey: PathBuf,
}

impl Keys {
    pub(crate) fn make() -> Self {
        Self::from_seed(b"multiplier")
    }

    pub(crate) fn from_seed(seed: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let zkey = folder.path().join("multiplier.development-only.zkey");
        let r1cs = R1cs::read(&multiplier().r1cs()).unwrap();
        setup::develop(&r1cs, &Secrets::from_seed(seed), &zkey).unwrap();
        Self { folder, zkey }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn verifying_key(&self) -> VerifyingKey {
        ZKeyFile::open(&self.zkey).unwrap().verifying_key().unwrap()
    }

    /// An unchecked proof.
    pub(crate) fn prove(&self, witness: &Witness, backend: Backend) -> Proof {
        let zkey = ZKeyFile::open(&self.zkey).unwrap();
        backend
            .load(&zkey)
            .unwrap()
            .prove(witness, &Blinding::derive(b"tests", witness))
            .unwrap()
    }
}
