//! snarkjs's JSON files: verifying keys, proofs and public values.

use std::path::Path;

use ark_bn254::Fr;
use maci_crypto::field::{fr_from_decimal, fr_to_decimal};
use maci_protocol::groth16::{Proof, VerifyingKey};
use serde::Serialize;
use serde_json::Value;

use super::FormatError;
use super::writer::write_file;

/// The largest file that is read as JSON, in bytes: verifying keys take some kilobytes.
const LARGEST: u64 = 16 << 20;

/// Reads a `verification_key.json`.
pub fn read_verifying_key(path: &Path) -> Result<VerifyingKey, FormatError> {
    VerifyingKey::from_snarkjs(&read(path)?).map_err(|error| wrong(path, error))
}

/// Writes a `verification_key.json`.
pub fn write_verifying_key(path: &Path, key: &VerifyingKey) -> Result<(), FormatError> {
    write(path, &key.to_snarkjs())
}

/// Reads a `proof.json`.
pub fn read_proof(path: &Path) -> Result<Proof, FormatError> {
    Proof::from_snarkjs(&read(path)?).map_err(|error| wrong(path, error))
}

/// Writes a `proof.json`.
pub fn write_proof(path: &Path, proof: &Proof) -> Result<(), FormatError> {
    write(path, &proof.to_snarkjs())
}

/// Reads a `public.json`: a list of decimal strings.
pub fn read_publics(path: &Path) -> Result<Vec<Fr>, FormatError> {
    let json = read(path)?;
    let list = json
        .as_array()
        .ok_or_else(|| wrong(path, "expected a list of decimal strings"))?;
    let element = |value: &Value| fr_from_decimal(value.as_str()?).ok();
    let elements: Option<Vec<Fr>> = list.iter().map(element).collect();
    elements.ok_or_else(|| wrong(path, "expected decimal strings below the scalar field's order"))
}

/// Writes a `public.json`.
pub fn write_publics(path: &Path, publics: &[Fr]) -> Result<(), FormatError> {
    write(path, &publics.iter().map(fr_to_decimal).collect::<Vec<_>>())
}

/// Writes any value as a JSON file, atomically.
pub(crate) fn write(path: &Path, value: &impl Serialize) -> Result<(), FormatError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| wrong(path, error))?;
    write_file(path, text.as_bytes())
}

fn read(path: &Path) -> Result<Value, FormatError> {
    let io = |source| FormatError::Io {
        file: path.display().to_string(),
        action: "read",
        source,
    };
    if path.metadata().map_err(io)?.len() > LARGEST {
        return Err(wrong(path, "too large for a file of this kind"));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(path, error))
}

fn wrong(path: &Path, what: impl ToString) -> FormatError {
    FormatError::Json {
        file: path.display().to_string(),
        what: what.to_string(),
    }
}
