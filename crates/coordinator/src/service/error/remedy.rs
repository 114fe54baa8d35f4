use maci_protocol::Remedy;

use super::ServiceError;

impl ServiceError {
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
