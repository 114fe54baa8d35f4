use std::fmt;
use std::str::FromStr;

use maci_crypto::Fr;
use serde::{Deserialize, Serialize};

use super::{FileError, indented, number};
use crate::groth16::Proof;
use crate::statement::CircuitInputs;

const FILE: &str = "proof file";

/// One batch's proof with everything that was proved: `process_<i>.json`, `tally_<i>.json`.
///
/// The circuit inputs of a processing batch contain the coordinator's secret scalar; the file is
/// for its owner alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofFile {
    /// All input signals.
    pub circuit_inputs: CircuitInputs,
    /// The proof.
    pub proof: Proof,
    /// The public signals in the contract's order.
    #[serde(with = "number::decimals")]
    pub public_inputs: Vec<Fr>,
}

/// Which of a poll's two runs of proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofKind {
    /// Message batches.
    Process,
    /// Ballot batches.
    Tally,
}

/// A proof file's name: which run, and the place in proving order, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProofFileName {
    /// Which run.
    pub kind: ProofKind,
    /// Proof number; processing starts with the last batch of messages.
    pub number: u64,
}

/// A name that no proof file has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a proof file's name such as process_0.json or tally_3.json")]
pub struct NotAProofFile {
    /// What was given.
    pub name: String,
}

impl ProofFile {
    /// The file's text.
    pub fn to_text(&self) -> Result<String, FileError> {
        indented(FILE, self)
    }

    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        serde_json::from_str(text).map_err(|e| FileError::new(FILE, e))
    }
}

impl fmt::Display for ProofKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "process",
            Self::Tally => "tally",
        })
    }
}

impl fmt::Display for ProofFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}.json", self.kind, self.number)
    }
}

impl FromStr for ProofFileName {
    type Err = NotAProofFile;

    /// Reads a name as upstream chooses files: by prefix and ending, numbered by the first run of
    /// digits. Other files of a folder are no proof files.
    fn from_str(name: &str) -> Result<Self, NotAProofFile> {
        let refuse = || NotAProofFile {
            name: name.chars().take(80).collect(),
        };
        let stem = name.strip_suffix(".json").ok_or_else(refuse)?;
        let (kind, rest) = [ProofKind::Process, ProofKind::Tally]
            .into_iter()
            .find_map(|kind| Some((kind, stem.strip_prefix(&kind.to_string())?)))
            .ok_or_else(refuse)?;
        let digits: String = rest
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        let number = digits.parse().map_err(|_| refuse())?;
        Ok(Self { kind, number })
    }
}
