//! The circuits a poll needs, found, and compared with what is registered on chain before anything is proved.

use std::path::PathBuf;

use maci_chain::reader::PollReader;
use maci_protocol::circuit::{CircuitFiles, CircuitId, Profile};
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::PollRef;
use maci_protocol::poll::Mode;
use maci_proving::CircuitArtifacts;
use maci_proving::artifacts::ArtifactError;

use super::FinaliseError;
use crate::networks::is_main;

/// Where proving keys are, and what they are called.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// Folder in the official layout.
    pub root: PathBuf,
    /// Name of the message circuit without its mode, such as `MessageProcessor_10-20-2_test`; found by its size if absent.
    pub process: Option<String>,
    /// Name of the tally circuit without its mode; found by its size if absent.
    pub tally: Option<String>,
    /// The operator's word for the rules the circuits were made to, where the files do not tell.
    pub profile: Option<Profile>,
    /// Whether development keys may be used on a public main network.
    pub allow_development: bool,
}

/// The circuits of one poll, known to be the registered ones.
#[derive(Debug)]
pub(crate) struct PollKeys {
    pub(super) process: CircuitArtifacts,
    pub(super) tally: CircuitArtifacts,
    pub(crate) profile: Profile,
}

impl PollKeys {
    /// Opens the circuits that the poll's depths and mode ask for.
    pub(crate) async fn open(set: &KeySet, reader: &PollReader) -> Result<Self, FinaliseError> {
        let config = reader.config();
        let (process_id, tally_id) = (config.process_circuit(), config.tally_circuit());
        let registered = reader.registered_keys().await?;
        let process = set.open(process_id, set.process.as_deref(), config.mode())?;
        let tally = set.open(tally_id, set.tally.as_deref(), config.mode())?;
        set.check(&process, registered.process.as_ref(), config.poll())?;
        set.check(&tally, registered.tally.as_ref(), config.poll())?;
        let profile = process.profile().unwrap_or(Profile::Hardened);
        Ok(Self {
            process,
            tally,
            profile,
        })
    }
}

impl KeySet {
    /// Development keys and names found by size.
    #[must_use]
    pub fn in_folder(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            process: None,
            tally: None,
            profile: None,
            allow_development: false,
        }
    }

    /// Opens a circuit's files, under the name given without its mode or the circuit's own.
    ///
    /// # Errors
    /// When they are not there or cannot be used.
    pub fn open(&self, circuit: CircuitId, name: Option<&str>, mode: Mode) -> Result<CircuitArtifacts, FinaliseError> {
        let names = match name {
            Some(name) => vec![CircuitFiles::with_mode(name, mode)],
            None => vec![
                CircuitFiles::new(circuit.to_string()),
                CircuitFiles::new(format!("{circuit}_test")),
            ],
        };
        let mut missing = None;
        for files in &names {
            match CircuitArtifacts::open_as(&self.root, circuit, files, self.profile) {
                Err(error @ ArtifactError::NoKey { .. }) => missing = missing.or(Some(error)),
                opened => return opened.map_err(|error| FinaliseError::Prove(error.into())),
            }
        }
        let nothing = || ArtifactError::NoKey {
            circuit,
            official: self.root.clone(),
            development: self.root.clone(),
        };
        Err(FinaliseError::Prove(missing.unwrap_or_else(nothing).into()))
    }

    fn check(
        &self,
        found: &CircuitArtifacts,
        registered: Option<&VerifyingKey>,
        poll: PollRef,
    ) -> Result<(), FinaliseError> {
        let circuit = found.circuit();
        let registered = registered.ok_or(FinaliseError::NoRegisteredKey { poll, circuit })?;
        if found.expect_key(registered).is_err() {
            return Err(FinaliseError::OtherKey {
                poll,
                circuit,
                folder: self.root.clone(),
            });
        }
        if found.is_development_only() && is_main(poll.chain) && !self.allow_development {
            return Err(FinaliseError::DevelopmentKeys {
                circuit,
                chain: poll.chain,
            });
        }
        Ok(())
    }
}
