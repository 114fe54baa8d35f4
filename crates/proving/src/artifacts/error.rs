//! What can be wrong with a circuit's files.

use std::path::PathBuf;

use maci_protocol::{CircuitId, Profile};

use crate::formats::FormatError;
use crate::prove::UnusableKey;
use crate::witness::WitnessError;

/// A circuit's files are missing or do not belong together.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// There is no proving key.
    #[error("no proving key for {circuit}: neither {} nor {} exists; run `circuits setup` or put the official archive there", official.display(), development.display())]
    NoKey {
        /// The circuit.
        circuit: CircuitId,
        /// Where an official key would be.
        official: PathBuf,
        /// Where a development key would be.
        development: PathBuf,
    },
    /// There is a key but nothing to compute witnesses with.
    #[error("no witness calculator for {circuit}: neither {} nor {} exists", wasm.display(), native.display())]
    NoCalculator {
        /// The circuit.
        circuit: CircuitId,
        /// Where the wasm calculator would be.
        wasm: PathBuf,
        /// Where the native calculator would be.
        native: PathBuf,
    },
    /// A file is not what it should be.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The verifying key in the zkey has points outside the groups.
    #[error("{}: {source}", zkey.display())]
    UnusableKey {
        /// The proving key.
        zkey: PathBuf,
        /// Which point.
        #[source]
        source: UnusableKey,
    },
    /// A file was made for another circuit.
    #[error("{circuit}: {} is of another circuit: it has {found} {what}, expected {expected}", file.display())]
    OtherCircuit {
        /// The circuit.
        circuit: CircuitId,
        /// The file.
        file: PathBuf,
        /// What is counted.
        what: &'static str,
        /// What it should be.
        expected: u64,
        /// What the file has.
        found: u64,
    },
    /// The manifest does not describe the files beside it.
    #[error("{}: {reason}; run `circuits build` again", file.display())]
    Manifest {
        /// The manifest.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It cannot be told which circuits a key was made for.
    #[error(
        "{circuit}: a key with {wires} wires is of none of the known circuits; say with the profile setting whether it was made for `september`, `release` or `hardened` circuits"
    )]
    UnknownProfile {
        /// The circuit.
        circuit: CircuitId,
        /// The wires of the key.
        wires: u32,
    },
    /// The key is not the one expected, for instance not the one registered on chain.
    #[error("{circuit}: the proving key {} does not belong to the verifying key registered for this circuit; get the zkey that was registered, or register this one for a new poll", zkey.display())]
    OtherKey {
        /// The circuit.
        circuit: CircuitId,
        /// The proving key.
        zkey: PathBuf,
    },
    /// The witness calculator cannot be used.
    #[error("{circuit}: {source}")]
    Calculator {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: WitnessError,
    },
    /// A development key where none may be used.
    #[error("{circuit}: {} was made by a single party, who could forge proofs; production needs a key from a ceremony", zkey.display())]
    DevelopmentOnly {
        /// The circuit.
        circuit: CircuitId,
        /// The proving key.
        zkey: PathBuf,
    },
    /// The declared profile contradicts the key's size.
    #[error("{circuit}: declared as `{declared}`, but its size is that of the `{found}` circuit")]
    OtherProfile {
        /// The circuit.
        circuit: CircuitId,
        /// What the settings say.
        declared: Profile,
        /// What the size says.
        found: Profile,
    },
}
