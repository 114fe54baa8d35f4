//! Compiled circuits, each loaded once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use ark_bn254::Fr;
use maci_proving::compile::{Compiled, Compiler, Optimisation};
use maci_proving::formats::r1cs::{R1cs, Shape, Unsatisfied};
use maci_proving::witness::{Inputs, ModuleCache, WasmCalculator, Witness, WitnessError};

/// A circuit with everything that a test asks of it.
pub(crate) struct Circuit {
    pub(crate) files: Compiled,
    pub(crate) r1cs: R1cs,
    calculator: WasmCalculator,
}

/// Why inputs have no witness.
#[derive(Debug)]
pub(crate) enum NoWitness {
    /// The calculator stopped at an assertion.
    Asserted,
    /// The calculator went on, but the constraints do not hold.
    Unsatisfied,
}

impl Circuit {
    /// The circuit of a template at a size.
    pub(crate) fn of(template: &str, parameters: &[u32]) -> &'static Self {
        static LOADED: Mutex<BTreeMap<String, &'static OnceLock<Circuit>>> = Mutex::new(BTreeMap::new());
        let key = format!("{template} {parameters:?}");
        let cell = *LOADED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(OnceLock::new())));
        cell.get_or_init(|| Self::load(template, parameters))
    }

    fn load(template: &str, parameters: &[u32]) -> Self {
        let files = compile(template, parameters);
        let modules = ModuleCache::in_folder(&cache().join("modules"));
        Self {
            r1cs: R1cs::read(&files.r1cs()).unwrap(),
            calculator: WasmCalculator::open(&files.wasm(), &modules).unwrap(),
            files,
        }
    }

    /// The witness of these inputs, checked against every constraint.
    pub(crate) fn witness(&self, inputs: &Inputs) -> Result<Witness, NoWitness> {
        let witness = match self.calculator.witness(inputs) {
            Ok(witness) => witness,
            Err(WitnessError::AssertFailed { .. }) => return Err(NoWitness::Asserted),
            Err(error) => panic!("{}: {error}", self.files.name),
        };
        match self.r1cs.check(&witness) {
            Ok(()) => Ok(witness),
            Err(Unsatisfied::Row { .. }) => Err(NoWitness::Unsatisfied),
            Err(error) => panic!("{}: {error}", self.files.name),
        }
    }

    /// The public values of these inputs' witness.
    pub(crate) fn publics(&self, inputs: &Inputs) -> Result<Vec<Fr>, NoWitness> {
        let witness = self.witness(inputs)?;
        Ok(witness.publics(self.r1cs.shape.publics()).to_vec())
    }
}

/// Compiles a template, or finds it compiled.
pub(crate) fn compile(template: &str, parameters: &[u32]) -> Compiled {
    let named = std::env::var_os("MACI_CIRCUITS").map(PathBuf::from);
    let circuits = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../circuits"));
    Compiler::open(&circuits, &cache())
        .and_then(|compiler| compiler.compile(template, parameters, Optimisation::O2))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// How large a circuit is.
pub(crate) fn shape(template: &str, parameters: &[u32]) -> Shape {
    R1cs::read_shape(&compile(template, parameters).r1cs()).unwrap()
}

/// The cache of compiled circuits that everything in this repository shares.
fn cache() -> PathBuf {
    let ours = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("circuits");
    std::env::var_os("MACI_CIRCUIT_CACHE").map_or(ours, PathBuf::from)
}
