//! Relayed batches' names: the 32 bytes on chain and the content identifiers on IPFS.
//!
//! The chain stores the SHA-256 digest of a batch's bytes. Its proper identifier is a CIDv1 with
//! codec `json`; some of upstream's parts write the same digest as a version-0 identifier
//! (`Qm…`) instead, so both are read.

use std::fmt;
use std::str::FromStr;

use ::cid::{Cid, Version};
use multihash::Multihash;
use sha2::{Digest, Sha256};

/// The multicodec of JSON.
const JSON: u64 = 0x0200;
/// The multihash code of SHA-256.
const SHA2_256: u64 = 0x12;

/// The digest of a published batch; `Display` writes the CIDv1 (`bagaaiera…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentDigest(pub [u8; 32]);

/// A text that is not the identifier of a published batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidError {
    /// Neither a CID nor `0x` and 64 digits.
    #[error("`{text}` is neither a CID nor 0x followed by 64 hexadecimal digits")]
    Unreadable {
        /// What was given.
        text: String,
    },
    /// A CID of other content: another codec or hash function.
    #[error("`{text}` is a CID, but not of a JSON block hashed with SHA-256")]
    OtherContent {
        /// What was given.
        text: String,
    },
}

impl ContentDigest {
    /// The digest of a batch's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes as the chain shows them: `0x` and 64 lower-case digits.
    pub fn to_bytes32_hex(&self) -> String {
        format!("0x{}", hex::encode(self.0))
    }

    /// The CIDv1's bytes: `01 80 04 12 20` and the digest.
    pub fn to_cid_bytes(&self) -> Vec<u8> {
        [&[0x01, 0x80, 0x04, 0x12, 0x20], self.0.as_slice()].concat()
    }

    /// The version-0 form (`Qm…`) that upstream's subgraph and relayer use.
    pub fn to_version_0(&self) -> String {
        match self.multihash().map(Cid::new_v0) {
            Some(Ok(cid)) => cid.to_string(),
            Some(Err(_)) | None => self.to_bytes32_hex(),
        }
    }

    fn multihash(&self) -> Option<Multihash<64>> {
        // 32 bytes always fit 64.
        Multihash::wrap(SHA2_256, &self.0).ok()
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.multihash() {
            Some(hash) => write!(f, "{}", Cid::new_v1(JSON, hash)),
            None => f.write_str(&self.to_bytes32_hex()),
        }
    }
}

impl FromStr for ContentDigest {
    type Err = CidError;

    /// Reads a CIDv1 of JSON, a version-0 CID, or the 32 bytes in hex.
    fn from_str(text: &str) -> Result<Self, CidError> {
        let shown = || text.chars().take(100).collect::<String>();
        if let Some(digits) = text.strip_prefix("0x") {
            let mut digest = [0; 32];
            return match hex::decode_to_slice(digits, &mut digest) {
                Ok(()) => Ok(Self(digest)),
                Err(_) => Err(CidError::Unreadable { text: shown() }),
            };
        }
        let cid = Cid::try_from(text).map_err(|_| CidError::Unreadable { text: shown() })?;
        let expected_codec = cid.version() == Version::V0 || cid.codec() == JSON;
        match <[u8; 32]>::try_from(cid.hash().digest()) {
            Ok(digest) if expected_codec && cid.hash().code() == SHA2_256 => Ok(Self(digest)),
            Ok(_) | Err(_) => Err(CidError::OtherContent { text: shown() }),
        }
    }
}

#[cfg(test)]
mod tests;
