use std::time::Duration;

use maci_chain::reader::{LandedError, ReadError};
use maci_chain::send::SendError;
use maci_crypto::Fr;
use maci_crypto::field::fr_to_decimal;
use maci_protocol::Remedy;
use maci_protocol::ids::{EthAddress, PollRef, StateIndex};
use maci_store::StoreError;

use crate::ipfs::{FetchError, IpfsError};
use crate::service::ServiceError;

/// Whose allowance is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// The one that came with the proof of a leaf.
    Voter(StateIndex),
    /// The poll's.
    Poll,
    /// The network address's; the next message fits after this time.
    Address(Duration),
}

/// A message that is not taken, or something else that the relayer did not do.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// This service relays nothing.
    #[error("this service does not relay messages; publish on chain, or ask the poll's operator who relays")]
    Off,
    /// No chain was named, and there are several it could be.
    #[error("chain must be given: this service works on more than one")]
    WhichChain,
    /// The poll does not name this relayer.
    #[error(
        "{poll} does not take messages from this relayer; it would have to name {guard} (or {account}) among its relayers, \
         which is decided when it is deployed"
    )]
    NotRelayer {
        /// The poll.
        poll: PollRef,
        /// The contract we relay through.
        guard: EthAddress,
        /// Our account.
        account: EthAddress,
    },
    /// The poll cannot be relayed for.
    #[error("{poll} cannot be relayed for: {reason}")]
    Unusable {
        /// The poll.
        poll: PollRef,
        /// Why not.
        reason: String,
    },
    /// Voting has not begun.
    #[error("voting in {poll} begins at {start} (Unix seconds)")]
    TooEarly {
        /// The poll.
        poll: PollRef,
        /// When.
        start: u64,
    },
    /// Voting is over, or so nearly that the message might not land.
    #[error("{poll} takes relayed messages until {until} (Unix seconds) and votes on chain until {end}")]
    TooLate {
        /// The poll.
        poll: PollRef,
        /// Until when messages were taken.
        until: u64,
        /// Until when voters can publish themselves.
        end: u64,
    },
    /// Too few or too many messages.
    #[error("messages must be 1 to {most} in a request")]
    Count {
        /// How many may come at once.
        most: usize,
    },
    /// A message that nobody could count.
    #[error("messages.{number}.publicKey {objection}")]
    Message {
        /// Which one, from 0.
        number: usize,
        /// What is wrong with it.
        objection: &'static str,
    },
    /// A message that was taken before.
    #[error("messages.{number} was taken before; look at /v1/messages/{}", fr_to_decimal(hash))]
    Duplicate {
        /// Which one, from 0.
        number: usize,
        /// Its hash.
        hash: Fr,
    },
    /// Nobody has that leaf.
    #[error("nobody has joined {poll} at stateLeafIndex {index}")]
    NoSuchLeaf {
        /// The poll.
        poll: PollRef,
        /// The index.
        index: StateIndex,
    },
    /// The proof proves something else, or nothing.
    #[error("the proof does not show that its maker has joined {poll} at stateLeafIndex {index}")]
    ProofRefused {
        /// The poll.
        poll: PollRef,
        /// The index.
        index: StateIndex,
    },
    /// Somebody has handed in as much as they may.
    #[error("{}", spent_text(*spent, *poll))]
    Spent {
        /// The poll.
        poll: PollRef,
        /// Whose.
        spent: Spent,
    },
    /// More is handed in than can be checked.
    #[error("more messages come in than can be checked now; try again, or publish on chain")]
    Busy,
    /// There is no such message.
    #[error("no message with the hash {} was taken here", fr_to_decimal(hash))]
    NoSuchMessage {
        /// The hash.
        hash: Fr,
    },
    /// A batch's content could not be published.
    #[error("a batch of relayed messages could not be published: {0}; its hashes are not sent before it is")]
    Publish(#[from] IpfsError),
    /// A batch's content was published, and nobody else shows it yet.
    #[error(
        "a batch of relayed messages is published here and nowhere else yet: {0}; its hashes wait for others to have it"
    )]
    NotReadBack(#[from] FetchError),
    /// A transaction did not land.
    #[error(transparent)]
    Send(#[from] SendError),
    /// A landed batch could not be found again.
    #[error(transparent)]
    Landed(#[from] LandedError),
    /// A kept message cannot be read.
    #[error("the kept messages of {poll} cannot be read; restore a backup")]
    Damaged {
        /// The poll.
        poll: PollRef,
    },
    /// Something the whole service stands on failed.
    #[error(transparent)]
    Service(#[from] Box<ServiceError>),
}

fn spent_text(spent: Spent, poll: PollRef) -> String {
    match spent {
        Spent::Voter(index) => {
            format!("no more messages are taken for {poll} with proofs of leaf {index}; publish on chain")
        }
        Spent::Poll => format!("the operator's budget for {poll} is used up; publish on chain"),
        Spent::Address(wait) => {
            let seconds = wait.as_secs().max(1);
            format!("too many messages from this address; the next one is taken in {seconds} s")
        }
    }
}

impl RelayError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Busy
            | Self::Spent {
                spent: Spent::Address(_),
                ..
            } => Remedy::Retry,
            Self::Off | Self::Damaged { .. } => Remedy::AskOperator,
            Self::WhichChain
            | Self::NotRelayer { .. }
            | Self::Unusable { .. }
            | Self::TooEarly { .. }
            | Self::TooLate { .. }
            | Self::Count { .. }
            | Self::Message { .. }
            | Self::Duplicate { .. }
            | Self::NoSuchLeaf { .. }
            | Self::ProofRefused { .. }
            | Self::NoSuchMessage { .. }
            | Self::Spent {
                spent: Spent::Voter(_) | Spent::Poll,
                ..
            } => Remedy::Abandon,
            Self::Publish(error) => error.remedy(),
            Self::NotReadBack(_) => Remedy::Retry,
            Self::Send(error) => error.remedy(),
            Self::Landed(LandedError::Read(error)) => error.remedy(),
            Self::Landed(LandedError::Logs(error)) => error.remedy(),
            Self::Landed(LandedError::Unreadable(_)) => Remedy::Retry,
            Self::Service(error) => error.remedy(),
        }
    }
}

impl From<ServiceError> for RelayError {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

impl From<StoreError> for RelayError {
    fn from(error: StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

impl From<ReadError> for RelayError {
    fn from(error: ReadError) -> Self {
        ServiceError::from(error).into()
    }
}
