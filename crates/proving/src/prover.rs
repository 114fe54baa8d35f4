//! Everything together: from a circuit's inputs to a proof that has been checked.

use ark_bn254::Fr;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::statement::CircuitInputs;
use maci_protocol::{CircuitId, Remedy};

use crate::artifacts::{ArtifactError, CircuitArtifacts};
use crate::formats::FormatError;
use crate::formats::r1cs::{R1cs, Unsatisfied};
use crate::prove::{
    Backend, BackendError, Blinding, LoadError, MemoryNeed, ProofRejected, Prove, VerifiedProof, Verifier, key_bytes,
};
use crate::witness::{Inputs, ModuleCache, NativeCalculator, WasmCalculator, Witness, WitnessError};

/// Proves one circuit. Holds the loaded proving key; proving changes nothing in it.
pub struct Prover {
    circuit: CircuitId,
    calculator: Calculator,
    key: Box<dyn Prove>,
    key_bytes: Vec<u8>,
    verifying_key: VerifyingKey,
    verifier: Verifier,
    need: MemoryNeed,
    publics: u32,
    r1cs: Option<std::path::PathBuf>,
}

enum Calculator {
    Native(NativeCalculator),
    Wasm(WasmCalculator),
}

impl Calculator {
    /// The native calculator where there is one, else the wasm one.
    fn load(artifacts: &CircuitArtifacts, modules: &ModuleCache) -> Result<Self, ProveError> {
        if let Some(native) = artifacts.native() {
            return Ok(Self::Native(native.clone()));
        }
        let missing = || ProveError::Witness {
            circuit: artifacts.circuit(),
            source: WitnessError::Stopped {
                reason: "there is no calculator".into(),
            },
        };
        artifacts.wasm_calculator(modules)?.map(Self::Wasm).ok_or_else(missing)
    }
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The circuit's files cannot be used.
    #[error(transparent)]
    Artifacts(#[from] ArtifactError),
    /// The proving key was not loaded.
    #[error("{circuit}: {source}")]
    Load {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: LoadError,
    },
    /// The witness calculator gave nothing.
    #[error("{circuit}: {source}")]
    Witness {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: WitnessError,
    },
    /// The witness's public values are not those the caller expected.
    #[error(
        "{circuit}: the circuit computes another public value {index} than expected ({found} values, {expected} expected); are the keys those of this poll?"
    )]
    OtherPublics {
        /// The circuit.
        circuit: CircuitId,
        /// The first public value that differs, from 0.
        index: usize,
        /// How many values there are.
        found: usize,
        /// How many were expected.
        expected: usize,
    },
    /// The prover failed.
    #[error("{circuit}: {source}")]
    Backend {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: BackendError,
    },
    /// The calculator gave a witness that its circuit does not accept.
    #[error(
        "{circuit}: {source}; the witness calculator and the proving key are of different circuits, or a file is damaged"
    )]
    Unsatisfied {
        /// The circuit.
        circuit: CircuitId,
        /// Which constraint.
        #[source]
        source: Unsatisfied,
    },
    /// The proof was computed and does not hold, so nobody gets to see it.
    #[error(
        "{circuit}: the proof that was made is refused ({source}): the proving key is damaged, or of another circuit than the witness calculator"
    )]
    Rejected {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: ProofRejected,
    },
}

impl ProveError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Witness {
                source: WitnessError::AssertFailed { .. } | WitnessError::Inputs(_),
                ..
            } => Remedy::Abandon,
            Self::Witness {
                source: WitnessError::Run { .. } | WitnessError::Stopped { .. },
                ..
            } => Remedy::Retry,
            Self::Backend {
                source: BackendError::Failed { .. },
                ..
            } => Remedy::Retry,
            Self::Artifacts(_)
            | Self::Load { .. }
            | Self::Witness { .. }
            | Self::Backend { .. }
            | Self::OtherPublics { .. }
            | Self::Unsatisfied { .. }
            | Self::Rejected { .. } => Remedy::AskOperator,
        }
    }
}

impl Prover {
    /// Loads a circuit's proving key and witness calculator, both at the same time. `modules` keeps
    /// compiled calculators.
    pub fn load(artifacts: &CircuitArtifacts, backend: Backend, modules: &ModuleCache) -> Result<Self, ProveError> {
        let circuit = artifacts.circuit();
        let zkey = artifacts.zkey();
        let (calculator, key) = rayon::join(|| Calculator::load(artifacts, modules), || backend.load(zkey));
        let format = |error: FormatError| ProveError::Artifacts(error.into());
        let unusable = |source| ArtifactError::UnusableKey {
            zkey: artifacts.zkey_path().to_owned(),
            source,
        };
        Ok(Self {
            circuit,
            calculator: calculator?,
            key: key.map_err(|source| ProveError::Load { circuit, source })?,
            key_bytes: key_bytes(artifacts.verifying_key()),
            verifying_key: artifacts.verifying_key().clone(),
            verifier: Verifier::new(artifacts.verifying_key()).map_err(unusable)?,
            need: backend.memory_need(zkey).map_err(format)?,
            publics: zkey.header().publics,
            r1cs: artifacts.r1cs_path().map(ToOwned::to_owned),
        })
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// The verifying key of the proofs made here.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }

    /// What a proof takes.
    pub fn memory_need(&self) -> MemoryNeed {
        self.need
    }

    /// Witness, proof and check in one: the job of one batch. `expected` are the public values that
    /// the statement names; others are an error before any proving.
    pub fn prove(&self, inputs: &CircuitInputs, expected: &[Fr]) -> Result<VerifiedProof, ProveError> {
        let witness = self.witness(&Inputs::from(inputs))?;
        self.expect_publics(&witness, expected)?;
        self.prove_witness(&witness)
    }

    /// Refuses a witness whose public values are not the ones its statement names.
    pub fn expect_publics(&self, witness: &Witness, expected: &[Fr]) -> Result<(), ProveError> {
        let found = witness.publics(self.publics);
        if found == expected {
            return Ok(());
        }
        let index = found
            .iter()
            .zip(expected)
            .take_while(|(found, expected)| found == expected)
            .count();
        let (circuit, found, expected) = (self.circuit, found.len(), expected.len());
        Err(ProveError::OtherPublics {
            circuit,
            index,
            found,
            expected,
        })
    }

    /// Computes the witness for a circuit's inputs.
    pub fn witness(&self, inputs: &Inputs) -> Result<Witness, ProveError> {
        let computed = match &self.calculator {
            Calculator::Native(native) => native.witness(inputs),
            Calculator::Wasm(wasm) => wasm.witness(inputs),
        };
        computed.map_err(|source| ProveError::Witness {
            circuit: self.circuit,
            source,
        })
    }

    /// Computes a proof and checks it. The same witness gives the same proof.
    pub fn prove_witness(&self, witness: &Witness) -> Result<VerifiedProof, ProveError> {
        let circuit = self.circuit;
        let blinding = Blinding::derive(&self.key_bytes, witness);
        let proof = self
            .key
            .prove(witness, &blinding)
            .map_err(|source| ProveError::Backend { circuit, source })?;
        let checked = self.verifier.check(witness.publics(self.publics), proof);
        checked.map_err(|source| self.explain(witness, source))
    }

    /// Finds the constraint that a refused proof's witness breaks, if the constraints are at hand.
    fn explain(&self, witness: &Witness, refused: ProofRejected) -> ProveError {
        let circuit = self.circuit;
        let r1cs = self.r1cs.as_deref().and_then(|path| R1cs::read(path).ok());
        match r1cs.map(|r1cs| r1cs.check(witness)) {
            Some(Err(source)) => ProveError::Unsatisfied { circuit, source },
            Some(Ok(())) | None => ProveError::Rejected {
                circuit,
                source: refused,
            },
        }
    }
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prover")
            .field("circuit", &self.circuit)
            .finish_non_exhaustive()
    }
}
