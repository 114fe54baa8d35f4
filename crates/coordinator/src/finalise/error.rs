use std::path::PathBuf;

use maci_chain::Remedy;
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_chain::send::SendError;
use maci_protocol::circuit::{CircuitId, Profile};
use maci_protocol::files::FileError;
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::replay::{ReplayError, WrongCoordinatorKey};
use maci_proving::ProveError;
use maci_store::StoreError;

use super::stage::Impossible;
use crate::ledger::LedgerError;
use crate::progress::Phase;

/// Why a poll was not brought to its result. Whatever was done already stays done, and starting again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum FinaliseError {
    /// Votes may still come.
    #[error(
        "{poll} is still open: it takes votes until {ends_at} and can be finalised from {until} on (Unix seconds; the chain's clock says {now})"
    )]
    StillOpen {
        /// The poll.
        poll: PollRef,
        /// Its end.
        ends_at: u64,
        /// The first moment at which merging is safe.
        until: u64,
        /// The head's timestamp.
        now: u64,
    },
    /// Voting is over, but the state was not merged, and this goal does not merge it.
    #[error("the state of {poll} has not been merged; merge it first")]
    NotMerged {
        /// The poll.
        poll: PollRef,
    },
    /// The lock went with the connection to the database: somebody else may be at work on the poll.
    #[error(
        "{poll}: the right to work on the poll was lost before {what} was sent, as the database's server was lost; \
         nothing was sent, and it is tried again"
    )]
    TurnLost {
        /// The poll.
        poll: PollRef,
        /// What was to be sent.
        what: String,
    },
    /// The key given is not the poll's.
    #[error(transparent)]
    WrongKey(#[from] WrongCoordinatorKey),
    /// No key is registered for a circuit, so no proof can ever be accepted.
    #[error("{poll}: the registry has no verifying key for {circuit}; its owner has to set one")]
    NoRegisteredKey {
        /// The poll.
        poll: PollRef,
        /// The circuit.
        circuit: CircuitId,
    },
    /// Our proving key is not the one that is registered.
    #[error(
        "{poll}: the proving key of {circuit} in {} is not the one registered on chain; \
         point to the folder of the keys the poll was deployed with",
        folder.display()
    )]
    OtherKey {
        /// The poll.
        poll: PollRef,
        /// The circuit.
        circuit: CircuitId,
        /// Where the key was found.
        folder: PathBuf,
    },
    /// Development keys protect nobody's vote.
    #[error(
        "{circuit} has development keys, which whoever made them can cheat with; chain {chain} is a public main network: \
         use keys of a ceremony, or say that development keys are allowed"
    )]
    DevelopmentKeys {
        /// The circuit.
        circuit: CircuitId,
        /// The chain.
        chain: ChainId,
    },
    /// Batches on chain were committed to with salts we cannot derive.
    #[error(
        "{poll}: another tool has put {done} {phase} batches on chain with its own random salts; \
         give the folder with its proof files (process_<i>.json, tally_<i>.json), nobody can go on without them"
    )]
    ForeignBatches {
        /// The poll.
        poll: PollRef,
        /// Which run.
        phase: Phase,
        /// Batches on chain.
        done: u64,
    },
    /// A proof file of another tool cannot be used.
    #[error("{} cannot be used: {reason}", file.display())]
    ProofFile {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The contract would check a proof against other public values than ours.
    #[error(
        "{poll}: {phase} batch {batch} would be checked against other public values than follow from the poll's history \
         (value {position} differs); nothing was sent. Run again; if it stays, the endpoint's answers do not belong together"
    )]
    OtherInputs {
        /// The poll.
        poll: PollRef,
        /// Which run.
        phase: Phase,
        /// Batch in proving order.
        batch: u32,
        /// Position among the public values.
        position: usize,
    },
    /// The memory allowed is less than one proof needs.
    #[error(
        "one proof needs {needed} MiB of memory, but only {allowed} MiB are allowed; allow more, or prove on a larger machine"
    )]
    TooLittleMemory {
        /// MiB one proof needs.
        needed: u64,
        /// MiB allowed.
        allowed: u64,
    },
    /// Results on chain differ from ours.
    #[error(
        "{poll}: the result of option {option} on chain differs from the tally; do not trust this endpoint, ask another one"
    )]
    OtherResult {
        /// The poll.
        poll: PollRef,
        /// The option.
        option: u32,
    },
    /// The chain's figures belong to no poll.
    #[error(transparent)]
    Impossible(#[from] Impossible),
    /// The history could not be had.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The poll could not be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A proof could not be made.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// A contract could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// A transaction did not land.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be made.
    #[error(transparent)]
    File(#[from] FileError),
    /// A thread of ours ended without an answer.
    #[error("the proving threads ended without an answer; run again")]
    ProversGone,
    /// Keys of this profile were found where those of another are registered.
    #[error(
        "{poll}: the message circuit is of profile {process} and cannot be told apart from others; name the profile of the key set"
    )]
    UnknownProfile {
        /// The poll.
        poll: PollRef,
        /// What was found.
        process: Profile,
    },
}

impl FinaliseError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::StillOpen { .. }
            | Self::TurnLost { .. }
            | Self::OtherInputs { .. }
            | Self::Impossible(_)
            | Self::ProversGone => Remedy::Retry,
            Self::Ledger(error) => error.remedy(),
            Self::Read(error) => error.remedy(),
            Self::Rpc(error) => error.remedy(),
            Self::Send(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
            Self::Prove(error) => error.remedy(),
            Self::NotMerged { .. }
            | Self::WrongKey(_)
            | Self::NoRegisteredKey { .. }
            | Self::OtherKey { .. }
            | Self::DevelopmentKeys { .. }
            | Self::ForeignBatches { .. }
            | Self::ProofFile { .. }
            | Self::TooLittleMemory { .. }
            | Self::OtherResult { .. }
            | Self::UnknownProfile { .. }
            | Self::File(_) => Remedy::AskOperator,
            Self::Replay(_) => Remedy::Abandon,
        }
    }
}
