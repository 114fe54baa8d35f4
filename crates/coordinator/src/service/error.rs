//! Why the service did not do what it was asked, and what follows for whoever asked.
//!
//! - `class`   what kind of failure it is, whatever interface tells it
//! - `code`    the existing service's number for it
//! - `remedy`  who acts now

mod class;
mod code;
mod remedy;

use maci_chain::deploy::{Complaint, DeployError};
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_custody::CustodyError;
use maci_protocol::files::FileError;
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::poll::Mode;
use maci_store::StoreError;
use uuid::Uuid;

use crate::access::AccessError;
use crate::actor::{ActorName, Role};
use crate::chains::ChainsError;
use crate::deploy::sources::ExplorerError;
use crate::finalise::FinaliseError;
use crate::ipfs::{FetchError, IpfsError};
use crate::jobs::{JobFailure, JobId};
use crate::ledger::LedgerError;
use crate::networks::network_name;
use crate::publication::PublicationError;
use crate::relay::RelayError;
use crate::senders::SendersError;
use crate::verify::VerifyError;

pub use class::StatusClass;

/// The service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Somebody asked for more than their role allows.
    #[error("{actor} may not do this; it takes the role {needs}")]
    Forbidden {
        /// Who.
        actor: ActorName,
        /// What it takes.
        needs: Role,
    },
    /// A request that makes no sense.
    #[error("{reason}")]
    Invalid {
        /// What is wrong with it.
        reason: String,
    },
    /// A deployment that breaks rules; nothing was sent for it.
    #[error("{}", told(complaints))]
    Refused {
        /// Every rule it breaks, and where.
        complaints: Vec<Complaint>,
    },
    /// There is no such job.
    #[error("there is no job {job}")]
    NoSuchJob {
        /// Which.
        job: JobId,
    },
    /// There is no such schedule.
    #[error("there is no schedule {schedule}")]
    NoSuchSchedule {
        /// Which.
        schedule: Uuid,
    },
    /// An entry of the schedule that can no longer be called off.
    #[error("schedule {schedule} is over")]
    ScheduleOver {
        /// Which.
        schedule: Uuid,
    },
    /// Another entry of the schedule has the name.
    #[error("`{name}` is scheduled already; call it off first, or choose another name")]
    NameScheduled {
        /// The name.
        name: String,
    },
    /// Nobody watches the poll.
    #[error("{poll} is not watched")]
    NotWatched {
        /// The poll.
        poll: PollRef,
    },
    /// A poll without a result yet.
    #[error("{poll} has no tally yet")]
    NoTally {
        /// The poll.
        poll: PollRef,
    },
    /// No proofs were made.
    #[error("{poll} has no proofs yet; generate them first")]
    NoProofs {
        /// The poll.
        poll: PollRef,
    },
    /// The poll's state was not merged.
    #[error("the state of {poll} has not been merged; merge it first")]
    NotMerged {
        /// The poll.
        poll: PollRef,
    },
    /// Merging happens once.
    #[error("the state tree of {poll} has already been merged")]
    AlreadyMerged {
        /// The poll.
        poll: PollRef,
    },
    /// The client believes something else about the poll.
    #[error("{poll} is a {found} poll, not {given}")]
    OtherMode {
        /// The poll.
        poll: PollRef,
        /// Its mode.
        found: Mode,
        /// The one given.
        given: Mode,
    },
    /// No key in custody is the poll's.
    #[error("{poll}: the poll's coordinator key {public_key} is not among the keys of this service; import it")]
    NoKey {
        /// The poll.
        poll: PollRef,
        /// The key that is needed.
        public_key: String,
    },
    /// A key came with a request and was gone with the process.
    #[error("{poll}: the coordinator key came with the request and is never written down; ask again with the key")]
    KeyGone {
        /// The poll.
        poll: PollRef,
    },
    /// The keys of the service are sealed.
    #[error("the keys of this service are sealed; start it with their passphrase")]
    Locked,
    /// It is scheduled already.
    #[error("{poll} is already scheduled")]
    AlreadyScheduled {
        /// The poll.
        poll: PollRef,
    },
    /// Its result is on chain already.
    #[error("{poll} has already been tallied")]
    AlreadyTallied {
        /// The poll.
        poll: PollRef,
    },
    /// A policy we cannot deploy.
    #[error("`{given}` is no policy of MACI's, or policy and checker are not of one kind")]
    UnsupportedPolicy {
        /// What was asked for.
        given: String,
    },
    /// A credit source we cannot deploy.
    #[error("`{given}` is no source of voice credits, or not what the factory makes")]
    UnsupportedCredits {
        /// What was asked for.
        given: String,
    },
    /// The factory of a credit source we cannot deploy.
    #[error("`{given}` is no factory of voice credits")]
    UnsupportedCreditFactory {
        /// What was asked for.
        given: String,
    },
    /// A contract that has to be there first is not recorded for the chain.
    #[error("no {contract} is recorded for chain {}; deploy MACI there first", network_name(*chain))]
    NotDeployed {
        /// The chain.
        chain: ChainId,
        /// `MACI`, `Verifier` or `VerifyingKeysRegistry`.
        contract: &'static str,
    },
    /// There are no compiled contracts.
    #[error(
        "this service has no compiled contracts and cannot deploy; install them and name their folder in the settings"
    )]
    NoContracts,
    /// A deployment failed.
    #[error("deploying {what} on chain {chain} failed: {source}")]
    Deploy {
        /// `MACI`, `a poll` or `verifying keys`.
        what: &'static str,
        /// The chain.
        chain: ChainId,
        /// Why.
        source: DeployError,
    },
    /// A job did not come to its end.
    #[error("{}", failure.message)]
    JobFailed {
        /// Which.
        job: JobId,
        /// Why.
        failure: Box<JobFailure>,
    },
    /// A job was stopped by somebody.
    #[error("job {job} was cancelled")]
    Cancelled {
        /// Which.
        job: JobId,
    },
    /// A job ended long ago, or never ran.
    #[error("job {job} has ended already")]
    JobOver {
        /// Which.
        job: JobId,
    },
    /// A defect of ours.
    #[error("the job stopped by a defect of the service: {reason}")]
    Panicked {
        /// What it said.
        reason: String,
    },
    /// The service is stopping.
    #[error("the service is stopping; ask again when it is back")]
    Draining,
    /// A chain cannot be worked on.
    #[error(transparent)]
    Chain(#[from] ChainsError),
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// A contract could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The history could not be had.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A poll was not brought to its goal.
    #[error(transparent)]
    Finalise(#[from] FinaliseError),
    /// A result could not be checked.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// A sender could not be had.
    #[error(transparent)]
    Sender(#[from] SendersError),
    /// An explorer gave no verdict.
    #[error(transparent)]
    Explorer(#[from] ExplorerError),
    /// A key could not be had.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// What a client encrypted cannot be opened.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A poll whose result was not published as a whole.
    #[error("{poll} has no publication yet; it follows when the poll is final")]
    NotPublished {
        /// The poll.
        poll: PollRef,
    },
    /// Content that was not published here.
    #[error("{cid} was not published here")]
    NoSuchContent {
        /// Its identifier.
        cid: String,
    },
    /// A poll's result could not be published as a whole.
    #[error(transparent)]
    Publication(#[from] PublicationError),
    /// Content could not be published.
    #[error(transparent)]
    Ipfs(#[from] IpfsError),
    /// Content could not be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Something stored is not what it was when it was written.
    #[error("{what} in the store cannot be read: {reason}")]
    Damaged {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
}

impl ServiceError {
    pub(crate) fn invalid(reason: impl ToString) -> Self {
        Self::Invalid {
            reason: reason.to_string(),
        }
    }

    /// What the whole service stands on failed while the relayer began.
    pub(crate) fn from_relayer(error: RelayError) -> Self {
        match error {
            RelayError::Service(error) => *error,
            error => Self::invalid(error),
        }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> impl FnOnce(serde_json::Error) -> Self {
        let what = what.into();
        move |error| Self::Damaged {
            what,
            reason: error.to_string(),
        }
    }
}

fn told(complaints: &[Complaint]) -> String {
    let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    told.join("; ")
}
