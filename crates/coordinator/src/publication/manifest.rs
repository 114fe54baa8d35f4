use std::collections::BTreeMap;

use bytes::Bytes;
use cid::Cid;
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::{ChainId, EthAddress, PollId, PollRef};
use serde::{Deserialize, Serialize};

use super::files::{paths, pretty};
use crate::ipfs::Dag;

/// The form that is written and read.
pub const FORMAT: &str = "maci-publication-1";

/// The file that names all others: which poll it is about, and every file with its identifier.
///
/// It has no dates and no names of people or machines: whoever publishes a poll writes the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The chain's id.
    pub chain_id: String,
    /// The MACI contract.
    pub maci: EthAddress,
    /// The poll's number.
    pub poll_id: String,
    /// Every other file, by its path.
    pub files: BTreeMap<String, Entry>,
    /// Relayed messages, in the order in which the chain has their hashes.
    pub relayed: Vec<RelayedEntry>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its identifier, which follows from its bytes.
    pub cid: String,
    /// Its length in bytes.
    pub size: u64,
}

/// A batch of relayed messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayedEntry {
    /// The 32 bytes on chain.
    pub bytes32: String,
    /// The identifier its relayer published it under.
    pub cid: String,
    /// Its file.
    pub file: String,
}

/// A manifest that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not its JSON.
    #[error("it is not a manifest's JSON: {0}")]
    Json(String),
    /// Another form.
    #[error("it is of the form `{found}`, not {FORMAT}; use the version that wrote it")]
    Format {
        /// The form it names.
        found: String,
    },
    /// A number that is none.
    #[error("`{0}` is not a whole number")]
    Number(String),
}

impl Manifest {
    /// The manifest of these files.
    #[must_use]
    pub fn of(poll: PollRef, files: &BTreeMap<String, Bytes>, relayed: &[ContentDigest]) -> Self {
        let entry = |(path, bytes): (&String, &Bytes)| (path.clone(), Entry::of(bytes));
        let batch = |digest: &ContentDigest| RelayedEntry {
            bytes32: digest.to_bytes32_hex(),
            cid: digest.to_string(),
            file: paths::relayed(digest),
        };
        Self {
            format: FORMAT.to_owned(),
            chain_id: poll.chain.to_string(),
            maci: poll.maci,
            poll_id: poll.poll.to_string(),
            files: files.iter().map(entry).collect(),
            relayed: relayed.iter().map(batch).collect(),
        }
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        pretty(self)
    }

    /// Reads the file's bytes.
    ///
    /// # Errors
    /// When it is no manifest of this form.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| ManifestError::Json(error.to_string()))?;
        if manifest.format != FORMAT {
            let found = manifest.format.chars().take(60).collect();
            return Err(ManifestError::Format { found });
        }
        manifest.poll()?;
        Ok(manifest)
    }

    /// The poll it is about.
    ///
    /// # Errors
    /// When a number is none.
    pub fn poll(&self) -> Result<PollRef, ManifestError> {
        let refuse = |text: &String| ManifestError::Number(text.chars().take(40).collect());
        Ok(PollRef {
            chain: self.chain_id.parse::<ChainId>().map_err(|_| refuse(&self.chain_id))?,
            maci: self.maci,
            poll: self.poll_id.parse::<PollId>().map_err(|_| refuse(&self.poll_id))?,
        })
    }
}

impl Entry {
    /// The entry of a file with these bytes.
    #[must_use]
    pub fn of(bytes: &Bytes) -> Self {
        Self {
            cid: Dag::file(bytes).root().to_string(),
            size: bytes.len() as u64,
        }
    }

    /// Whether a file with these bytes is the one that is meant.
    #[must_use]
    pub fn is(&self, bytes: &Bytes) -> bool {
        let cid = self.cid.parse::<Cid>();
        cid.is_ok_and(|cid| cid == Dag::file(bytes).root()) && self.size == bytes.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let poll = PollRef {
            chain: ChainId(31_337),
            maci: EthAddress([0x11; 20]),
            poll: PollId(3),
        };
        let files = BTreeMap::from([("tally.json".to_owned(), Bytes::from_static(b"{}"))]);
        Manifest::of(poll, &files, &[ContentDigest::of(b"[]")])
    }

    #[test]
    fn a_manifest_reads_back_as_written() {
        let manifest = manifest();
        assert_eq!(Manifest::parse(&manifest.to_bytes()).unwrap(), manifest);
        assert_eq!(manifest.poll().unwrap().poll, PollId(3));
        let entry = &manifest.files["tally.json"];
        assert!(entry.is(&Bytes::from_static(b"{}")) && !entry.is(&Bytes::from_static(b"{ }")));
    }

    #[test]
    fn a_manifest_of_another_form_is_refused() {
        let mut other = manifest();
        other.format = "maci-publication-2".to_owned();
        assert!(matches!(
            Manifest::parse(&other.to_bytes()),
            Err(ManifestError::Format { .. })
        ));
        assert!(matches!(Manifest::parse(b"{}"), Err(ManifestError::Json(_))));
        let mut other = manifest();
        other.poll_id = "-1".to_owned();
        assert!(matches!(
            Manifest::parse(&other.to_bytes()),
            Err(ManifestError::Number(_))
        ));
    }
}
