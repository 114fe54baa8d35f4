use maci_chain::deploy::DeployError;
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_proving::ProveError;
use maci_proving::artifacts::ArtifactError;

use super::ServiceError;
use crate::access::AccessError;
use crate::chains::ChainsError;
use crate::finalise::FinaliseError;
use crate::senders::SendersError;
use crate::service::LegacyCode;

impl ServiceError {
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
