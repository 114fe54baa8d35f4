//! Files that other MACI tools read and write, byte for byte in their shape. This module turns
//! values into text and text into values; reading and writing disks is somebody else's.
//!
//! - `tally_file`           `tally.json`
//! - `proof_file`           `process_<i>.json` and `tally_<i>.json`
//! - `deployed_contracts`   `deployed-contracts.json`
//! - `relayed_batch`        the JSON a relayer publishes on IPFS
//! - `keypair_file`         a key pair

mod deployed_contracts;
mod keypair_file;
mod number;
mod proof_file;
mod relayed_batch;
mod tally_file;

pub use deployed_contracts::{ContractRecord, DeployedContracts, Instance, Verification};
pub use keypair_file::KeypairFile;
pub use proof_file::{NotAProofFile, ProofFile, ProofFileName, ProofKind};
pub use relayed_batch::{RelayedBatch, RelayedBatchError};
pub use tally_file::{SpentCredits, TallyFile, TallyMismatch, VoteCounts};

/// A file's text that is not what the file should hold.
#[derive(Debug, thiserror::Error)]
#[error("{file} cannot be read: {detail}")]
pub struct FileError {
    /// Which kind of file.
    pub file: &'static str,
    /// What is wrong with it, with line and column where they are known.
    pub detail: String,
}

impl FileError {
    fn new(file: &'static str, detail: impl ToString) -> Self {
        Self {
            file,
            detail: detail.to_string(),
        }
    }
}

/// JSON with the four-space indentation of upstream's files, without a newline at the end.
fn indented<T: serde::Serialize>(file: &'static str, value: &T) -> Result<String, FileError> {
    let mut text = Vec::new();
    let style = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, style);
    value.serialize(&mut writer).map_err(|e| FileError::new(file, e))?;
    String::from_utf8(text).map_err(|e| FileError::new(file, e))
}

#[cfg(test)]
mod tests;
