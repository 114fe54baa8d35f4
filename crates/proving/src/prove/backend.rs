//! Which prover computes the proof.

use maci_protocol::groth16::Proof;

use super::arkworks::ArkworksKey;
use super::{Blinding, MemoryNeed};
use crate::formats::zkey::ZKeyFile;
use crate::formats::{FormatError, ReadAt};
use crate::witness::Witness;

/// Why a backend gave no proof.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The witness is of another circuit than the key.
    #[error("the witness has {found} values, the proving key {expected} wires: they are of different circuits")]
    WitnessLength {
        /// The key's wires.
        expected: usize,
        /// The witness's values.
        found: usize,
    },
    /// The prover itself failed.
    #[error("the prover failed: {reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

/// A loaded proving key.
///
/// Proving is a plain function: it takes seconds to minutes and every core of the current rayon
/// pool, so the caller gives it a thread. The result is unchecked; see
/// [`Verifier`](super::Verifier).
pub trait Prove: Send + Sync {
    /// Computes a proof. The same witness and blinding give the same proof.
    fn prove(&self, witness: &Witness, blinding: &Blinding) -> Result<Proof, BackendError>;
}

/// The provers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Backend {
    /// taceo-groth16 on arkworks, on any machine.
    #[default]
    Arkworks,
}

impl Backend {
    /// Loads a proving key in the form this backend works on.
    pub fn load<R: ReadAt>(self, zkey: &ZKeyFile<R>) -> Result<Box<dyn Prove>, FormatError> {
        match self {
            Self::Arkworks => Ok(Box::new(ArkworksKey::load(zkey)?)),
        }
    }

    /// What a proof with this backend takes, from the zkey's header alone.
    pub fn memory_need<R: ReadAt>(self, zkey: &ZKeyFile<R>) -> Result<MemoryNeed, FormatError> {
        let coefficients = zkey.coefficient_count()?;
        match self {
            Self::Arkworks => Ok(MemoryNeed::arkworks(zkey.header(), coefficients)),
        }
    }
}
