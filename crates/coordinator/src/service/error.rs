use maci_chain::deploy::{Complaint, DeployError};
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_custody::CustodyError;
use maci_protocol::Remedy;
use maci_protocol::files::FileError;
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::poll::Mode;
use maci_proving::ProveError;
use maci_proving::artifacts::ArtifactError;
use maci_store::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LegacyCode;
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

/// What kind of failure it is, whatever interface tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusClass {
    /// There is no such thing.
    NotFound,
    /// The request makes no sense.
    Invalid,
    /// The thing is not in a state for that.
    Conflict,
    /// Something else has to be there first.
    Precondition,
    /// Not for this caller.
    Forbidden,
    /// It failed here, or behind us.
    Internal,
    /// Not now.
    Busy,
}

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

    /// The existing service's number for it, where it has one; it answers everything else with the text.
    #[must_use]
    pub fn code(&self) -> Option<LegacyCode> {
        match self {
            Self::NotMerged { .. } => Some(LegacyCode::NotMergedStateTree),
            Self::NoKey { .. } | Self::KeyGone { .. } | Self::Finalise(FinaliseError::WrongKey(_)) => {
                Some(LegacyCode::PrivateKeyMismatch)
            }
            Self::Read(error) => of_reading(error),
            Self::Finalise(error) => of_finalising(error),
            Self::NoProofs { .. } | Self::NoTally { .. } => Some(LegacyCode::FileNotFound),
            Self::Chain(
                ChainsError::UnknownName { .. }
                | ChainsError::NotServed { .. }
                | ChainsError::Rpc(RpcError::WrongChain { .. }),
            ) => Some(LegacyCode::UnsupportedNetwork),
            Self::Sender(SendersError::NoSessionKey { .. } | SendersError::NoSuchSessionKey { .. }) => {
                Some(LegacyCode::SessionKeyNotFound)
            }
            Self::Sender(SendersError::Approval(_)) => Some(LegacyCode::InvalidApproval),
            Self::Sender(SendersError::NoRoute { .. }) => Some(LegacyCode::UnsupportedNetwork),
            Self::Chain(ChainsError::NoEndpoint { .. }) => Some(LegacyCode::RpcUrlNotSet),
            Self::UnsupportedCreditFactory { .. } => Some(LegacyCode::UnsupportedVoiceCreditProxyFactory),
            Self::UnsupportedCredits { .. } => Some(LegacyCode::UnsupportedVoiceCreditProxy),
            Self::UnsupportedPolicy { .. } => Some(LegacyCode::UnsupportedPolicy),
            Self::NotDeployed { contract, .. } => Some(match *contract {
                "Verifier" => LegacyCode::VerifierNotDeployed,
                "VerifyingKeysRegistry" => LegacyCode::VerifyingKeysRegistryNotDeployed,
                _ => LegacyCode::MaciNotDeployed,
            }),
            Self::Deploy {
                source: DeployError::OtherKey { .. },
                ..
            } => Some(LegacyCode::FailedToSetVerifyingKeys),
            Self::Deploy {
                source: DeployError::PolicyTaken { .. },
                ..
            } => Some(LegacyCode::FailedToSetMaciInstanceOnPolicy),
            Self::Deploy { what, .. } => Some(if *what == "MACI" {
                LegacyCode::FailedToDeployMaci
            } else {
                LegacyCode::FailedToDeployPoll
            }),
            Self::Access(AccessError::NotForUs(_)) => Some(LegacyCode::Decryption),
            Self::AlreadyScheduled { .. } => Some(LegacyCode::PollAlreadyScheduled),
            Self::AlreadyTallied { .. } => Some(LegacyCode::PollAlreadyTallied),
            Self::JobFailed { failure, .. } => failure.legacy(),
            Self::Forbidden { .. }
            | Self::Invalid { .. }
            | Self::Refused { .. }
            | Self::NoSuchJob { .. }
            | Self::NoSuchSchedule { .. }
            | Self::NotWatched { .. }
            | Self::ScheduleOver { .. }
            | Self::NameScheduled { .. }
            | Self::AlreadyMerged { .. }
            | Self::OtherMode { .. }
            | Self::Locked
            | Self::NoContracts
            | Self::Cancelled { .. }
            | Self::JobOver { .. }
            | Self::Panicked { .. }
            | Self::Draining
            | Self::Chain(_)
            | Self::Rpc(_)
            | Self::Ledger(_)
            | Self::Verify(_)
            | Self::Sender(_)
            | Self::Custody(_)
            | Self::Explorer(_)
            | Self::Access(_)
            | Self::Store(_)
            | Self::File(_)
            | Self::NotPublished { .. }
            | Self::NoSuchContent { .. }
            | Self::Publication(_)
            | Self::Ipfs(_)
            | Self::Fetch(_)
            | Self::Damaged { .. } => None,
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn status_class(&self) -> StatusClass {
        if let Some(code) = self.code() {
            return code.class();
        }
        match self {
            Self::Forbidden { .. } => StatusClass::Forbidden,
            Self::Invalid { .. } | Self::Refused { .. } | Self::OtherMode { .. } => StatusClass::Invalid,
            Self::NoSuchJob { .. }
            | Self::NoSuchSchedule { .. }
            | Self::NotWatched { .. }
            | Self::NotPublished { .. }
            | Self::NoSuchContent { .. } => StatusClass::NotFound,
            Self::AlreadyMerged { .. }
            | Self::ScheduleOver { .. }
            | Self::NameScheduled { .. }
            | Self::Cancelled { .. }
            | Self::JobOver { .. }
            | Self::Publication(PublicationError::NotFinal { .. })
            | Self::Finalise(FinaliseError::StillOpen { .. }) => StatusClass::Conflict,
            Self::Publication(
                PublicationError::NoTally { .. } | PublicationError::Proof { .. } | PublicationError::Relayed { .. },
            ) => StatusClass::Precondition,
            Self::Locked | Self::NoContracts => StatusClass::Precondition,
            Self::Draining | Self::Store(StoreError::PollBusy { .. }) => StatusClass::Busy,
            Self::JobFailed { failure, .. } => failure.class,
            Self::Read(ReadError::NoContract { .. } | ReadError::NotMaci { .. }) => StatusClass::NotFound,
            Self::Custody(error) => of_custody(error),
            Self::Sender(error) => error.status_class(),
            Self::NotMerged { .. }
            | Self::NoKey { .. }
            | Self::KeyGone { .. }
            | Self::NoProofs { .. }
            | Self::NoTally { .. }
            | Self::AlreadyScheduled { .. }
            | Self::AlreadyTallied { .. }
            | Self::UnsupportedPolicy { .. }
            | Self::UnsupportedCredits { .. }
            | Self::UnsupportedCreditFactory { .. }
            | Self::NotDeployed { .. }
            | Self::Deploy { .. }
            | Self::Panicked { .. }
            | Self::Chain(_)
            | Self::Rpc(_)
            | Self::Read(_)
            | Self::Ledger(_)
            | Self::Finalise(_)
            | Self::Verify(_)
            | Self::Explorer(_)
            | Self::Access(_)
            | Self::Store(_)
            | Self::File(_)
            | Self::Publication(_)
            | Self::Ipfs(_)
            | Self::Fetch(_)
            | Self::Damaged { .. } => StatusClass::Internal,
        }
    }

    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Chain(error) => error.remedy(),
            Self::Rpc(error) => error.remedy(),
            Self::Read(error) => error.remedy(),
            Self::Ledger(error) => error.remedy(),
            Self::Finalise(error) => error.remedy(),
            Self::Verify(error) => error.remedy(),
            Self::Sender(error) => error.remedy(),
            Self::Custody(error) => error.remedy(),
            Self::Access(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
            Self::Ipfs(error) => error.remedy(),
            Self::Publication(error) => error.remedy(),
            Self::Deploy { source, .. } => source.remedy(),
            Self::JobFailed { failure, .. } => failure.remedy.into(),
            Self::Draining | Self::Explorer(_) | Self::Panicked { .. } | Self::Fetch(_) => Remedy::Retry,
            Self::NoKey { .. }
            | Self::KeyGone { .. }
            | Self::Locked
            | Self::NotDeployed { .. }
            | Self::NoContracts
            | Self::NotMerged { .. }
            | Self::NoProofs { .. }
            | Self::NoTally { .. }
            | Self::File(_)
            | Self::Damaged { .. } => Remedy::AskOperator,
            Self::Forbidden { .. }
            | Self::Invalid { .. }
            | Self::Refused { .. }
            | Self::NoSuchJob { .. }
            | Self::NoSuchSchedule { .. }
            | Self::NotWatched { .. }
            | Self::NotPublished { .. }
            | Self::NoSuchContent { .. }
            | Self::ScheduleOver { .. }
            | Self::NameScheduled { .. }
            | Self::AlreadyMerged { .. }
            | Self::OtherMode { .. }
            | Self::AlreadyScheduled { .. }
            | Self::AlreadyTallied { .. }
            | Self::UnsupportedPolicy { .. }
            | Self::UnsupportedCredits { .. }
            | Self::UnsupportedCreditFactory { .. }
            | Self::Cancelled { .. }
            | Self::JobOver { .. } => Remedy::Abandon,
        }
    }
}

fn of_reading(error: &ReadError) -> Option<LegacyCode> {
    matches!(error, ReadError::NoSuchPoll { .. }).then_some(LegacyCode::PollNotFound)
}

fn of_finalising(error: &FinaliseError) -> Option<LegacyCode> {
    if let FinaliseError::Read(error) = error {
        return of_reading(error);
    }
    if matches!(error, FinaliseError::WrongKey(_)) {
        return Some(LegacyCode::PrivateKeyMismatch);
    }
    if matches!(error, FinaliseError::NotMerged { .. }) {
        return Some(LegacyCode::NotMergedStateTree);
    }
    let no_file = matches!(
        error,
        FinaliseError::Prove(ProveError::Artifacts(
            ArtifactError::NoKey { .. } | ArtifactError::NoCalculator { .. }
        ))
    );
    no_file.then_some(LegacyCode::FileNotFound)
}

fn of_custody(error: &CustodyError) -> StatusClass {
    if matches!(error, CustodyError::Locked) {
        StatusClass::Precondition
    } else if matches!(error, CustodyError::NoSuchKey { .. }) {
        StatusClass::NotFound
    } else if matches!(error, CustodyError::NameTaken { .. }) {
        StatusClass::Conflict
    } else if matches!(
        error,
        CustodyError::BadName { .. } | CustodyError::NotAPrivateKey(_) | CustodyError::WrongPassphrase { .. }
    ) {
        StatusClass::Invalid
    } else {
        StatusClass::Internal
    }
}

fn told(complaints: &[Complaint]) -> String {
    let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    told.join("; ")
}
