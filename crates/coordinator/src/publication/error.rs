use maci_chain::reader::ReadError;
use maci_protocol::Remedy;
use maci_protocol::cid::ContentDigest;
use maci_protocol::circuit::CircuitId;
use maci_protocol::files::FileError;
use maci_protocol::ids::PollRef;
use maci_store::StoreError;

use crate::ipfs::{FetchError, IpfsError, ShapeError};
use crate::ledger::LedgerError;
use crate::service::ServiceError;

/// A poll's result cannot be published as a whole.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// Its result is not on chain yet.
    #[error("{poll} is not final yet, so there is nothing to publish; finalise it first")]
    NotFinal {
        /// The poll.
        poll: PollRef,
    },
    /// Its tally is not here.
    #[error("{poll}: there is no tally.json here; finalise the poll with this service, which writes it")]
    NoTally {
        /// The poll.
        poll: PollRef,
    },
    /// A proof is not here, or does not hold.
    #[error("{poll}: {name} {problem}; it is made again from the chain and the coordinator's key")]
    Proof {
        /// The poll.
        poll: PollRef,
        /// The file.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The registry has no key for a circuit.
    #[error("{poll}: the registry has no verifying key for {circuit}")]
    NoRegisteredKey {
        /// The poll.
        poll: PollRef,
        /// The circuit.
        circuit: CircuitId,
    },
    /// Relayed messages that nobody has.
    #[error("{poll}: the relayed messages {} are needed and {source}", digest.to_bytes32_hex())]
    Relayed {
        /// The poll.
        poll: PollRef,
        /// Their hash.
        digest: ContentDigest,
        /// Who was asked.
        #[source]
        source: FetchError,
    },
    /// The service could not begin.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// The history could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The chain could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The files make no tree.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// It could not be published.
    #[error(transparent)]
    Ipfs(#[from] IpfsError),
}

impl PublicationError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Relayed { .. } => Remedy::Retry,
            Self::Service(error) => error.remedy(),
            Self::Ledger(error) => error.remedy(),
            Self::Read(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
            Self::Ipfs(error) => error.remedy(),
            Self::NotFinal { .. }
            | Self::NoTally { .. }
            | Self::Proof { .. }
            | Self::NoRegisteredKey { .. }
            | Self::File(_) => Remedy::AskOperator,
            Self::Shape(_) => Remedy::Abandon,
        }
    }
}
