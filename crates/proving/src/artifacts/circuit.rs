//! One circuit's files, opened and compared with each other.

use std::path::{Path, PathBuf};

use maci_protocol::circuit::CircuitFiles;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::{CircuitId, Profile};

use super::{ArtifactError, Manifest, ProfileEvidence, profile_of};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::ZKeyFile;
use crate::prove::Verifier;
use crate::setup::DEVELOPMENT_ONLY;
use crate::witness::{ModuleCache, NativeCalculator, WasmCalculator};

/// A circuit's proving key and witness calculators. Opening reads headers only; nothing large.
#[derive(Debug)]
pub struct CircuitArtifacts {
    circuit: CircuitId,
    zkey_path: PathBuf,
    zkey: ZKeyFile,
    verifying_key: VerifyingKey,
    wasm: Option<PathBuf>,
    native: Option<NativeCalculator>,
    r1cs: Option<PathBuf>,
    profile: Option<Profile>,
    development_only: bool,
}

/// Where a development key of a circuit lies.
pub(super) fn development_key(files: &CircuitFiles, root: &Path) -> PathBuf {
    files
        .zkey(root)
        .with_file_name(format!("{}.{DEVELOPMENT_ONLY}.zkey", files.name()))
}

impl CircuitArtifacts {
    /// Opens the files called by the circuit's own name, such as `VoteTallyQv_10-1-2`.
    pub fn open(root: &Path, circuit: CircuitId) -> Result<Self, ArtifactError> {
        Self::open_as(root, circuit, &CircuitFiles::new(circuit.to_string()), None)
    }

    /// Opens files under another name, such as `VoteTallyQv_10-1-2_test`. `declared` is the
    /// operator's word for which circuits they were made for; it is needed only where the files
    /// themselves do not tell.
    pub fn open_as(
        root: &Path,
        circuit: CircuitId,
        files: &CircuitFiles,
        declared: Option<Profile>,
    ) -> Result<Self, ArtifactError> {
        let (official, development) = (files.zkey(root), development_key(files, root));
        let Some(zkey_path) = [&official, &development]
            .into_iter()
            .find(|path| path.is_file())
            .cloned()
        else {
            return Err(ArtifactError::NoKey {
                circuit,
                official,
                development,
            });
        };
        let wasm = Some(files.wasm(root)).filter(|path| path.is_file());
        let native = NativeCalculator::find(&files.native(root));
        if wasm.is_none() && native.is_none() {
            let (wasm, native) = (files.wasm(root), files.native(root));
            return Err(ArtifactError::NoCalculator { circuit, wasm, native });
        }
        let zkey = ZKeyFile::open(&zkey_path)?;
        let header = *zkey.header();
        let expected = circuit.template().public_input_count() as u64;
        let other = |file: &Path, what, expected: u64, found: u64| {
            if expected == found {
                return Ok(());
            }
            Err(ArtifactError::OtherCircuit {
                circuit,
                file: file.to_owned(),
                what,
                expected,
                found,
            })
        };
        other(&zkey_path, "public values", expected, header.publics.into())?;
        let verifying_key = zkey.verifying_key()?;
        let unusable = |source| ArtifactError::UnusableKey {
            zkey: zkey_path.clone(),
            source,
        };
        Verifier::new(&verifying_key).map_err(unusable)?;

        let r1cs = Some(files.r1cs(root)).filter(|path| path.is_file());
        if let Some(r1cs) = &r1cs {
            let shape = R1cs::read_shape(r1cs)?;
            other(r1cs, "wires", header.wires.into(), shape.wires.into())?;
            other(r1cs, "public values", header.publics.into(), shape.publics().into())?;
            other(r1cs, "rows in its domain", header.domain.into(), shape.domain())?;
        }
        let folder = zkey_path.parent().unwrap_or(root);
        let manifest = Manifest::read(folder)?;
        if let Some(manifest) = &manifest {
            let file = folder.join(Manifest::FILE);
            other(&file, "wires", header.wires.into(), manifest.wires.into())?;
            other(&file, "public values", header.publics.into(), manifest.publics.into())?;
            other(&file, "rows in its domain", header.domain.into(), manifest.domain)?;
        }
        let ours = manifest.map(|manifest| manifest.profile);
        let profile = Self::profile_from(circuit, header.wires, ours, declared)?;
        let development_only = zkey_path == development || zkey.contributions()? == 0;
        Ok(Self {
            circuit,
            zkey_path,
            zkey,
            verifying_key,
            wasm,
            native,
            r1cs,
            profile,
            development_only,
        })
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// The rules the circuit was made to; nothing where they make no difference.
    pub fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// The verifying key that belongs to the proving key.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }

    /// Whether the key was made without a ceremony, so that its maker could forge proofs.
    pub fn is_development_only(&self) -> bool {
        self.development_only
    }

    /// The open proving key.
    pub fn zkey(&self) -> &ZKeyFile {
        &self.zkey
    }

    /// The proving key's file.
    pub fn zkey_path(&self) -> &Path {
        &self.zkey_path
    }

    /// The wasm calculator's file, if there is one.
    pub fn wasm_path(&self) -> Option<&Path> {
        self.wasm.as_deref()
    }

    /// The native calculator, if there is one.
    pub fn native(&self) -> Option<&NativeCalculator> {
        self.native.as_ref()
    }

    /// The constraints' file, if there is one.
    pub fn r1cs_path(&self) -> Option<&Path> {
        self.r1cs.as_deref()
    }

    /// Refuses the proving key unless it belongs to this verifying key, the one on chain.
    pub fn expect_key(&self, registered: &VerifyingKey) -> Result<(), ArtifactError> {
        if self.verifying_key == *registered {
            return Ok(());
        }
        Err(ArtifactError::OtherKey {
            circuit: self.circuit,
            zkey: self.zkey_path.clone(),
        })
    }

    /// Refuses a key that was made without a ceremony.
    pub fn expect_ceremony(&self) -> Result<(), ArtifactError> {
        if !self.development_only {
            return Ok(());
        }
        Err(ArtifactError::DevelopmentOnly {
            circuit: self.circuit,
            zkey: self.zkey_path.clone(),
        })
    }

    /// Compiles the wasm calculator for this machine, so that `modules` has it when a prover is
    /// loaded; does nothing if it is compiled already or there is a native one.
    pub fn precompile(&self, modules: &ModuleCache) -> Result<(), ArtifactError> {
        if self.native.is_none() {
            self.wasm_calculator(modules)?;
        }
        Ok(())
    }

    /// Loads the wasm calculator and checks that it is of the same circuit as the key.
    pub(crate) fn wasm_calculator(&self, modules: &ModuleCache) -> Result<Option<WasmCalculator>, ArtifactError> {
        let Some(wasm) = &self.wasm else { return Ok(None) };
        let failed = |source| ArtifactError::Calculator {
            circuit: self.circuit,
            source,
        };
        let calculator = WasmCalculator::open(wasm, modules).map_err(failed)?;
        let (expected, found) = (
            self.zkey.header().wires.into(),
            calculator.witness_len().map_err(failed)? as u64,
        );
        if expected != found {
            let (circuit, file) = (self.circuit, wasm.clone());
            return Err(ArtifactError::OtherCircuit {
                circuit,
                file,
                what: "wires",
                expected,
                found,
            });
        }
        Ok(Some(calculator))
    }

    fn profile_from(
        circuit: CircuitId,
        wires: u32,
        ours: Option<Profile>,
        declared: Option<Profile>,
    ) -> Result<Option<Profile>, ArtifactError> {
        let evidence = match (ours, profile_of(circuit, wires)) {
            (Some(profile), _) => ProfileEvidence::Only(profile),
            (None, evidence) => evidence,
        };
        match (evidence, declared) {
            (ProfileEvidence::Alike, _) => Ok(None),
            (ProfileEvidence::Only(found), Some(declared)) if found != declared => Err(ArtifactError::OtherProfile {
                circuit,
                declared,
                found,
            }),
            (ProfileEvidence::Only(found), _) => Ok(Some(found)),
            (ProfileEvidence::Unknown, Some(declared)) => Ok(Some(declared)),
            (ProfileEvidence::Unknown, None) => Err(ArtifactError::UnknownProfile { circuit, wires }),
        }
    }
}
