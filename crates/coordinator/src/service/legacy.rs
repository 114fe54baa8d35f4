//! The numbers by which the existing service names errors. Clients compare them, so they never change.

use super::StatusClass;

/// An error number of the existing service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LegacyCode {
    /// The poll's state has not been merged.
    NotMergedStateTree = 0,
    /// The coordinator's key is not the poll's.
    PrivateKeyMismatch = 1,
    /// There is no such poll.
    PollNotFound = 2,
    /// A ciphertext could not be opened.
    Decryption = 3,
    /// A text could not be encrypted.
    Encryption = 4,
    /// A file is missing: proving keys, or proofs that were not made.
    FileNotFound = 5,
    /// A subgraph could not be deployed.
    SubgraphDeploy = 6,
    /// The key for deploying subgraphs is not set.
    SubgraphDeployKeyNotFound = 7,
    /// There is no such session key.
    SessionKeyNotFound = 8,
    /// The approval of a session key does not hold.
    InvalidApproval = 9,
    /// The chain is not known.
    UnsupportedNetwork = 10,
    /// No endpoint of the chain is known.
    RpcUrlNotSet = 11,
    /// Merging failed.
    FailedToMergeStateTree = 12,
    /// Of protocol versions before 3.
    FailedToMergeMessageSubtrees = 13,
    /// Of protocol versions before 3.
    FailedToMergeMessageTree = 14,
    /// The factory of the credit source is not known.
    UnsupportedVoiceCreditProxyFactory = 15,
    /// The credit source is not known.
    UnsupportedVoiceCreditProxy = 16,
    /// The policy is not known.
    UnsupportedPolicy = 17,
    /// A contract could not be deployed.
    FailedToDeployContract = 18,
    /// A policy could not be told what it guards.
    FailedToSetMaciInstanceOnPolicy = 19,
    /// No MACI is recorded for the chain.
    MaciNotDeployed = 20,
    /// No verifier is recorded for the chain.
    VerifierNotDeployed = 21,
    /// No registry of verifying keys is recorded for the chain.
    VerifyingKeysRegistryNotDeployed = 22,
    /// Verifying keys could not be registered.
    FailedToSetVerifyingKeys = 23,
    /// MACI could not be deployed.
    FailedToDeployMaci = 24,
    /// The poll could not be deployed.
    FailedToDeployPoll = 25,
    /// Of protocol versions before 3.
    NotMergedMessageTree = 26,
    /// The schedule could not be changed.
    FailedToUpdateScheduledPoll = 27,
    /// The poll is scheduled already.
    PollAlreadyScheduled = 28,
    /// The poll is tallied already.
    PollAlreadyTallied = 29,
}

impl LegacyCode {
    /// All of them, ascending.
    pub const ALL: [Self; 30] = [
        Self::NotMergedStateTree,
        Self::PrivateKeyMismatch,
        Self::PollNotFound,
        Self::Decryption,
        Self::Encryption,
        Self::FileNotFound,
        Self::SubgraphDeploy,
        Self::SubgraphDeployKeyNotFound,
        Self::SessionKeyNotFound,
        Self::InvalidApproval,
        Self::UnsupportedNetwork,
        Self::RpcUrlNotSet,
        Self::FailedToMergeStateTree,
        Self::FailedToMergeMessageSubtrees,
        Self::FailedToMergeMessageTree,
        Self::UnsupportedVoiceCreditProxyFactory,
        Self::UnsupportedVoiceCreditProxy,
        Self::UnsupportedPolicy,
        Self::FailedToDeployContract,
        Self::FailedToSetMaciInstanceOnPolicy,
        Self::MaciNotDeployed,
        Self::VerifierNotDeployed,
        Self::VerifyingKeysRegistryNotDeployed,
        Self::FailedToSetVerifyingKeys,
        Self::FailedToDeployMaci,
        Self::FailedToDeployPoll,
        Self::NotMergedMessageTree,
        Self::FailedToUpdateScheduledPoll,
        Self::PollAlreadyScheduled,
        Self::PollAlreadyTallied,
    ];

    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The code of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.number() == number)
    }

    /// The name in capitals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMergedStateTree => "NOT_MERGED_STATE_TREE",
            Self::PrivateKeyMismatch => "PRIVATE_KEY_MISMATCH",
            Self::PollNotFound => "POLL_NOT_FOUND",
            Self::Decryption => "DECRYPTION",
            Self::Encryption => "ENCRYPTION",
            Self::FileNotFound => "FILE_NOT_FOUND",
            Self::SubgraphDeploy => "SUBGRAPH_DEPLOY",
            Self::SubgraphDeployKeyNotFound => "SUBGRAPH_DEPLOY_KEY_NOT_FOUND",
            Self::SessionKeyNotFound => "SESSION_KEY_NOT_FOUND",
            Self::InvalidApproval => "INVALID_APPROVAL",
            Self::UnsupportedNetwork => "UNSUPPORTED_NETWORK",
            Self::RpcUrlNotSet => "COORDINATOR_RPC_URL_NOT_SET",
            Self::FailedToMergeStateTree => "FAILED_TO_MERGE_STATE_TREE",
            Self::FailedToMergeMessageSubtrees => "FAILED_TO_MERGE_MESSAGE_SUBTREES",
            Self::FailedToMergeMessageTree => "FAILED_TO_MERGE_MESSAGE_TREE",
            Self::UnsupportedVoiceCreditProxyFactory => "UNSUPPORTED_VOICE_CREDIT_PROXY_FACTORY",
            Self::UnsupportedVoiceCreditProxy => "UNSUPPORTED_VOICE_CREDIT_PROXY",
            Self::UnsupportedPolicy => "UNSUPPORTED_POLICY",
            Self::FailedToDeployContract => "FAILED_TO_DEPLOY_CONTRACT",
            Self::FailedToSetMaciInstanceOnPolicy => "FAILED_TO_SET_MACI_INSTANCE_ON_POLICY",
            Self::MaciNotDeployed => "MACI_NOT_DEPLOYED",
            Self::VerifierNotDeployed => "VERIFIER_NOT_DEPLOYED",
            Self::VerifyingKeysRegistryNotDeployed => "VERIFYING_KEYS_REGISTRY_NOT_DEPLOYED",
            Self::FailedToSetVerifyingKeys => "FAILED_TO_SET_VERIFYING_KEYS",
            Self::FailedToDeployMaci => "FAILED_TO_DEPLOY_MACI",
            Self::FailedToDeployPoll => "FAILED_TO_DEPLOY_POLL",
            Self::NotMergedMessageTree => "NOT_MERGED_MESSAGE_TREE",
            Self::FailedToUpdateScheduledPoll => "FAILED_TO_UPDATE_SCHEDULED_POLL",
            Self::PollAlreadyScheduled => "POLL_ALREADY_SCHEDULED",
            Self::PollAlreadyTallied => "POLL_ALREADY_TALLIED",
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn class(self) -> StatusClass {
        match self {
            Self::NotMergedStateTree
            | Self::NotMergedMessageTree
            | Self::PollAlreadyScheduled
            | Self::PollAlreadyTallied => StatusClass::Conflict,
            Self::PollNotFound | Self::SessionKeyNotFound => StatusClass::NotFound,
            Self::InvalidApproval => StatusClass::Forbidden,
            Self::UnsupportedNetwork
            | Self::UnsupportedVoiceCreditProxyFactory
            | Self::UnsupportedVoiceCreditProxy
            | Self::UnsupportedPolicy => StatusClass::Invalid,
            Self::MaciNotDeployed | Self::VerifierNotDeployed | Self::VerifyingKeysRegistryNotDeployed => {
                StatusClass::Precondition
            }
            Self::PrivateKeyMismatch
            | Self::Decryption
            | Self::Encryption
            | Self::FileNotFound
            | Self::SubgraphDeploy
            | Self::SubgraphDeployKeyNotFound
            | Self::RpcUrlNotSet
            | Self::FailedToMergeStateTree
            | Self::FailedToMergeMessageSubtrees
            | Self::FailedToMergeMessageTree
            | Self::FailedToDeployContract
            | Self::FailedToSetMaciInstanceOnPolicy
            | Self::FailedToSetVerifyingKeys
            | Self::FailedToDeployMaci
            | Self::FailedToDeployPoll
            | Self::FailedToUpdateScheduledPoll => StatusClass::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_from_0_to_29_is_a_code() {
        for (number, code) in (0..).zip(LegacyCode::ALL) {
            assert_eq!(code.number(), number);
            assert_eq!(LegacyCode::from_number(number), Some(code));
        }
        assert_eq!(LegacyCode::from_number(30), None);
    }
}
