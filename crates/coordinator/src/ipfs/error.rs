use cid::Cid;
use maci_protocol::Remedy;
use maci_store::StoreError;

use super::ReadError;

/// Content could not be published or read.
#[derive(Debug, thiserror::Error)]
pub enum IpfsError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A root without all of its blocks.
    #[error("{cid} cannot be published: {source}")]
    Incomplete {
        /// The root.
        cid: Cid,
        /// Which block, and why.
        source: ReadError,
    },
    /// An object is not what was written there.
    #[error("the block {cid} at {place} is damaged: {reason}; publish it again, or restore a backup")]
    Damaged {
        /// The block.
        cid: Cid,
        /// Where it lies.
        place: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A thread of ours ended without an answer.
    #[error("a file was not written: {0}; publish it again")]
    Stopped(String),
    /// No client for other machines could be made.
    #[error("no client for gateways and nodes could be made: {0}; look for the system's certificates")]
    NoClient(String),
}

impl IpfsError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Store(error) => error.remedy(),
            Self::Stopped(_) => Remedy::Retry,
            Self::Incomplete { .. } | Self::Damaged { .. } | Self::NoClient(_) => Remedy::AskOperator,
        }
    }
}
