use maci_crypto::Fr;
use maci_crypto::curve::Point;
use serde::{Deserialize, Serialize};

use super::{FileError, number};
use crate::cid::ContentDigest;
use crate::ids::{EthAddress, PollRef};
use crate::vote::Message;

const FILE: &str = "relayed batch";

/// Messages that a relayer has put on the chain by their hashes and published on IPFS in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayedBatch(Vec<RelayedMessage>);

/// One message in the published file, its fields in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RelayedMessage {
    poll: u64,
    #[serde(with = "number::decimals")]
    data: Vec<Fr>,
    #[serde(with = "number::decimal")]
    hash: Fr,
    maci_address: String,
    #[serde(with = "number::decimals")]
    public_key: Vec<Fr>,
}

/// A published batch that is not the one the chain has the hashes of.
#[derive(Debug, thiserror::Error)]
pub enum RelayedBatchError {
    /// Not the file's JSON.
    #[error(transparent)]
    File(#[from] FileError),
    /// The bytes have another digest than the chain says.
    #[error("the relayed batch fetched as {expected} has digest {found}; fetch it from elsewhere")]
    Digest {
        /// The digest on chain.
        expected: ContentDigest,
        /// The digest of the bytes.
        found: ContentDigest,
    },
    /// A message has not ten elements, or a key not two.
    #[error("message {position} of the relayed batch has {data} elements and a key of {key} coordinates, not 10 and 2")]
    Shape {
        /// Its place in the batch, from 0.
        position: usize,
        /// Elements found.
        data: usize,
        /// Coordinates found.
        key: usize,
    },
    /// A message is of another poll.
    #[error("message {position} of the relayed batch belongs to poll {poll} of MACI {maci}")]
    OtherPoll {
        /// Its place in the batch, from 0.
        position: usize,
        /// The poll it names.
        poll: u64,
        /// The contract it names.
        maci: String,
    },
    /// The chain has another hash at this place, so the poll cannot be processed with this batch.
    #[error("message {position} of the relayed batch does not have the hash that its relayer put on the chain")]
    Hash {
        /// Its place in the batch, from 0.
        position: usize,
    },
}

impl RelayedBatch {
    /// The file for these messages of a poll.
    pub fn new(poll: PollRef, messages: &[Message]) -> Self {
        let write = |message: &Message| {
            let Point { x, y } = message.encryption_public_key;
            RelayedMessage {
                poll: poll.poll.0,
                data: message.data.to_vec(),
                hash: message.hash(),
                maci_address: poll.maci.to_string(),
                public_key: vec![x, y],
            }
        };
        Self(messages.iter().map(write).collect())
    }

    /// The exact bytes that are published and hashed.
    ///
    /// # Errors
    /// None in practice; the writer's error is passed on.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FileError> {
        serde_json::to_vec(&self.0).map_err(|e| FileError::new(FILE, e))
    }

    /// Reads published bytes.
    ///
    /// # Errors
    /// When they are not a batch's JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|e| FileError::new(FILE, e))
    }

    /// Reads published bytes after checking that they are what the chain names.
    ///
    /// # Errors
    /// When the digest is another one, or they are not a batch's JSON.
    pub fn fetched(bytes: &[u8], expected: ContentDigest) -> Result<Self, RelayedBatchError> {
        let found = ContentDigest::of(bytes);
        if found != expected {
            return Err(RelayedBatchError::Digest { expected, found });
        }
        Ok(Self::parse(bytes)?)
    }

    /// The messages' hashes as their relayer claims them.
    pub fn hashes(&self) -> Vec<Fr> {
        self.0.iter().map(|message| message.hash).collect()
    }

    /// The messages of a poll, each checked to hash to what the file says.
    ///
    /// # Errors
    /// At the first message of another poll, shape or hash.
    pub fn messages(&self, poll: PollRef) -> Result<Vec<Message>, RelayedBatchError> {
        self.0
            .iter()
            .enumerate()
            .map(|(position, message)| message.checked(position, poll))
            .collect()
    }
}

impl RelayedMessage {
    fn checked(&self, position: usize, poll: PollRef) -> Result<Message, RelayedBatchError> {
        let same_contract = self.maci_address.parse::<EthAddress>() == Ok(poll.maci);
        if self.poll != poll.poll.0 || !same_contract {
            return Err(RelayedBatchError::OtherPoll {
                position,
                poll: self.poll,
                maci: self.maci_address.chars().take(42).collect(),
            });
        }
        let (Ok(data), [x, y]) = (self.data.as_slice().try_into(), self.public_key.as_slice()) else {
            let (data, key) = (self.data.len(), self.public_key.len());
            return Err(RelayedBatchError::Shape { position, data, key });
        };
        let message = Message {
            data,
            encryption_public_key: Point { x: *x, y: *y },
        };
        if message.hash() == self.hash {
            Ok(message)
        } else {
            Err(RelayedBatchError::Hash { position })
        }
    }
}
