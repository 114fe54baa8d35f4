use std::path::PathBuf;

use maci_protocol::circuit::Profile;
use serde::Deserialize;

use super::Bytes;
use super::units::parsed_option;

/// `[circuits]`: where circuits with their keys are, and what they are called.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CircuitSettings {
    /// Folder in the official layout.
    pub folder: PathBuf,
    /// Folder that compiled circuits are kept in.
    pub cache: PathBuf,
    /// The message circuit's name without its mode, as `MessageProcessor_10-20-2_test`; else found by its size.
    pub process: Option<String>,
    /// The tally circuit's name without its mode; else found by its size.
    pub tally: Option<String>,
    /// The joining circuit's name; else found by its size.
    pub joining: Option<String>,
    /// The joined circuit's name; else found by its size.
    pub joined: Option<String>,
    /// `september`, `release` or `hardened`, where the key files do not tell.
    #[serde(deserialize_with = "parsed_option")]
    pub profile: Option<Profile>,
    /// Whether development keys may be used on public main networks.
    pub allow_development_keys: bool,
    /// rapidsnark's program. Not used: proofs are made here. Reported by the health check, as existing tools expect.
    pub rapidsnark: Option<PathBuf>,
}

/// `[proving]`: what proving may take from the machine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProvingSettings {
    /// Proofs made at the same time; else as many as memory and cores allow.
    pub parallel: Option<usize>,
    /// Memory that proofs may use together; else three quarters of what is free when proving begins.
    pub memory: Option<Bytes>,
}

impl Default for CircuitSettings {
    fn default() -> Self {
        Self {
            folder: "target/circuits/keys".into(),
            cache: "target/circuits".into(),
            process: None,
            tally: None,
            joining: None,
            joined: None,
            profile: None,
            allow_development_keys: false,
            rapidsnark: None,
        }
    }
}
