//! `manifest.json`: what a circuit of ours says about itself.

use std::path::Path;

use maci_protocol::{CircuitId, Profile};
use serde::{Deserialize, Serialize};

use super::ArtifactError;
use crate::formats::FormatError;

/// Describes the files beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Template and parameters.
    pub circuit: CircuitId,
    /// The rules the circuit was written to.
    pub profile: Profile,
    /// The compiler and its version.
    pub compiler: String,
    /// SHA-256 of the sources, parameters and compiler, in hex.
    pub source_hash: String,
    /// SHA-256 of the r1cs file, in hex.
    pub r1cs_hash: String,
    /// Constraints.
    pub constraints: u32,
    /// Wires, the constant included.
    pub wires: u32,
    /// Public values.
    pub publics: u32,
    /// Size of the evaluation domain.
    pub domain: u64,
    /// Whether the proving key beside it was made by a single party; nothing if there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub development_only: Option<bool>,
}

impl Manifest {
    /// The file's name in a circuit's folder.
    pub const FILE: &str = "manifest.json";

    /// Reads the manifest of a circuit's folder; nothing if there is none, as in official archives.
    pub fn read(folder: &Path) -> Result<Option<Self>, ArtifactError> {
        let file = folder.join(Self::FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let file = file.display().to_string();
                return Err(FormatError::Io {
                    file,
                    action: "read",
                    source,
                }
                .into());
            }
        };
        let parsed = serde_json::from_str(&text).map(Some);
        parsed.map_err(|error| ArtifactError::Manifest {
            file,
            reason: error.to_string(),
        })
    }

    /// Writes it into a circuit's folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), FormatError> {
        crate::formats::json::write(&folder.join(Self::FILE), self)
    }
}
