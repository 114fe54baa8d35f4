use alloy::sol_types::SolCall;

use crate::artifacts::ContractSource;
use crate::contracts::factories::IFreeForAllCheckerFactory;

/// Who may sign up or join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyKind {
    /// Everybody.
    FreeForAll,
}

/// What deploying a policy takes.
pub(super) struct PolicyRow {
    pub(super) checker_factory: ContractSource,
    pub(super) policy_factory: ContractSource,
    /// The call of the checker factory.
    pub(super) checker_call: Vec<u8>,
}

impl PolicyKind {
    pub(super) fn row(&self) -> PolicyRow {
        match self {
            Self::FreeForAll => PolicyRow {
                checker_factory: ContractSource::FREE_FOR_ALL_CHECKER_FACTORY,
                policy_factory: ContractSource::FREE_FOR_ALL_POLICY_FACTORY,
                checker_call: IFreeForAllCheckerFactory::deployCall {}.abi_encode(),
            },
        }
    }
}

impl PolicyRow {
    /// The id of what a factory makes: the factory's own without the word.
    pub(super) fn made_by(factory: ContractSource) -> String {
        factory.to_string().replace("Factory", "")
    }
}
