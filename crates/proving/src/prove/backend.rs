//! Which prover computes the proof.

use std::fmt;
use std::str::FromStr;

use maci_protocol::groth16::Proof;

use super::arkworks::ArkworksKey;
use super::kernels::KernelsKey;
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

/// Why a proving key was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The backend cannot work with this key or on this machine.
    #[error("the prover cannot use this key: {reason}")]
    Unusable {
        /// Why.
        reason: String,
    },
}

/// The provers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// taceo-groth16 on arkworks, on any machine.
    Arkworks,
    /// Our own kernels with ordinary 64-bit arithmetic, on any machine.
    Portable,
    /// Our own kernels with AVX-512 IFMA.
    Ifma,
}

impl Default for Backend {
    /// The fastest one this machine can run.
    fn default() -> Self {
        if Self::Ifma.is_available() {
            Self::Ifma
        } else {
            Self::Portable
        }
    }
}

impl Backend {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Arkworks, Self::Portable, Self::Ifma];

    /// Whether this machine has the instructions it needs.
    pub fn is_available(self) -> bool {
        match self {
            Self::Arkworks | Self::Portable => true,
            Self::Ifma => maci_kernels::Backend::Ifma.is_available(),
        }
    }

    /// Loads a proving key in the form this backend works on.
    pub fn load<R: ReadAt>(self, zkey: &ZKeyFile<R>) -> Result<Box<dyn Prove>, LoadError> {
        Ok(match self {
            Self::Arkworks => Box::new(ArkworksKey::load(zkey)?),
            Self::Portable => Box::new(KernelsKey::load(zkey, maci_kernels::Backend::Portable)?),
            Self::Ifma => Box::new(KernelsKey::load(zkey, maci_kernels::Backend::Ifma)?),
        })
    }

    /// What a proof with this backend takes, from the zkey's header alone.
    pub fn memory_need<R: ReadAt>(self, zkey: &ZKeyFile<R>) -> Result<MemoryNeed, FormatError> {
        let coefficients = zkey.coefficient_count()?;
        Ok(match self {
            Self::Arkworks => MemoryNeed::arkworks(zkey.header(), coefficients),
            Self::Portable | Self::Ifma => MemoryNeed::kernels(zkey.header(), coefficients),
        })
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arkworks => "arkworks",
            Self::Portable => "portable",
            Self::Ifma => "ifma",
        })
    }
}

/// A word that names no backend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no prover: arkworks, portable or ifma")]
pub struct UnknownBackend {
    given: String,
}

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(text: &str) -> Result<Self, UnknownBackend> {
        let found = Self::ALL.into_iter().find(|backend| backend.to_string() == text);
        found.ok_or_else(|| UnknownBackend {
            given: text.chars().take(40).collect(),
        })
    }
}
