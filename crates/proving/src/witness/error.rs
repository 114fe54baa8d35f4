//! Why there is no witness.

use std::io;
use std::path::PathBuf;

use super::InputError;
use crate::formats::FormatError;

/// Why a calculator gave no witness. Never holds a signal's value.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The calculator's file cannot be read.
    #[error("{}: cannot read the witness calculator: {source}", path.display())]
    Read {
        /// The wasm or native calculator.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The file is no circom 2 witness calculator.
    #[error("{}: not a witness calculator of circom 2: {reason}", path.display())]
    NotACalculator {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The calculator belongs to a circuit over another field.
    #[error("{}: the calculator computes over another field than BN254's", path.display())]
    WrongField {
        /// The file.
        path: PathBuf,
    },
    /// The inputs are not those the circuit declares.
    #[error(transparent)]
    Inputs(#[from] InputError),
    /// The inputs break a constraint: the circuit has no witness for them.
    #[error("the inputs have no witness: {}", place.as_deref().unwrap_or("the circuit does not say where"))]
    AssertFailed {
        /// Templates and lines, innermost first, as circom reports them.
        place: Option<String>,
    },
    /// The calculator stopped for another reason.
    #[error("the witness calculator stopped: {reason}")]
    Stopped {
        /// What it reported.
        reason: String,
    },
    /// A native calculator could not be run.
    #[error("{}: cannot run the native witness calculator: {source}", path.display())]
    Run {
        /// The program.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A native calculator wrote something that is no witness.
    #[error(transparent)]
    Output(#[from] FormatError),
}
