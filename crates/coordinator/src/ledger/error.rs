use maci_chain::Remedy;
use maci_chain::logs::{LogError, UnreadableLog};
use maci_chain::rpc::RpcError;
use maci_protocol::cid::ContentDigest;
use maci_protocol::files::RelayedBatchError;
use maci_protocol::ids::{BlockNumber, EthAddress, PollRef};
use maci_protocol::state::AbsorbError;
use maci_store::StoreError;

use super::Disagreement;

/// A history that could not be read, or not be believed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// Logs could not be had.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// The copy could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A log does not say what it should.
    #[error(transparent)]
    Unreadable(#[from] UnreadableLog),
    /// The events are not those of a poll.
    #[error(
        "logs of blocks {from} to {to} are missing, invented or out of order; every configured endpoint was asked, add another"
    )]
    Events {
        /// The block of the last event that fits; 0 if none does.
        from: BlockNumber,
        /// The block of the first event that does not.
        to: BlockNumber,
        /// What does not fit.
        #[source]
        source: AbsorbError,
    },
    /// The poll contract is not on this chain.
    #[error("there is no poll contract at {0}; check chain and endpoint")]
    NoContract(EthAddress),
    /// No block is final yet.
    #[error("the chain is too short to have a final block; wait, or ask for fewer confirmations")]
    NothingFinal,
    /// Messages were relayed, and nobody has them.
    #[error(
        "{poll}: block {block} relayed messages whose content nobody has: {digest} (on chain {}); ask the poll's relayers \
         for it and put it as {}.json among the backup files, or name a gateway that has it: it is checked by its hash, so \
         it does not matter who gives it. Without it the poll cannot be finalised",
        digest.to_bytes32_hex(), digest.to_bytes32_hex()
    )]
    MissingBatch {
        /// The poll.
        poll: PollRef,
        /// The block that announced them.
        block: BlockNumber,
        /// The hash of their content.
        digest: ContentDigest,
    },
    /// A file of relayed messages is not one.
    #[error("{poll}: the relayed messages {digest} of block {block} cannot be read: {source}")]
    BadBatch {
        /// The poll.
        poll: PollRef,
        /// The block that announced them.
        block: BlockNumber,
        /// The hash of their content.
        digest: ContentDigest,
        /// What is wrong.
        source: RelayedBatchError,
    },
    /// The history contradicts the contract, whichever endpoint is asked.
    #[error("{0}")]
    Disagrees(Box<Disagreement>),
}

impl LedgerError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Rpc(error) => error.remedy(),
            Self::Logs(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
            Self::Unreadable(_) | Self::Events { .. } | Self::NothingFinal => Remedy::Retry,
            Self::NoContract(_) | Self::MissingBatch { .. } | Self::Disagrees(_) => Remedy::AskOperator,
            Self::BadBatch { .. } => Remedy::Abandon,
        }
    }
}
