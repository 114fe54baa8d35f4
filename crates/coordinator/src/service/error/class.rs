use maci_chain::reader::ReadError;
use maci_custody::CustodyError;
use maci_store::StoreError;
use serde::{Deserialize, Serialize};

use super::ServiceError;
use crate::finalise::FinaliseError;
use crate::publication::PublicationError;

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

impl ServiceError {
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
