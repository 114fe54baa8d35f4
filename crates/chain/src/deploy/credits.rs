use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_protocol::ids::EthAddress;

use crate::artifacts::ContractSource;
use crate::contracts::factories::{IConstantInitialVoiceCreditProxyFactory, IERC20VotesInitialVoiceCreditProxyFactory};
use crate::words::address;

/// How many credits a voter gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceCredits {
    /// Everybody the same number.
    Constant(u64),
    /// As many as the balance of an ERC20Votes token at a block, divided by a factor.
    Erc20Votes {
        /// The block whose balances count.
        snapshot_block: u64,
        /// The token.
        token: EthAddress,
        /// What the balance is divided by; not zero.
        factor: U256,
    },
    /// As many as a proxy says that is there already.
    Proxy(EthAddress),
}

/// What deploying a source of credits takes.
pub(super) struct CreditsRow {
    pub(super) factory: ContractSource,
    /// The id of what the factory makes.
    pub(super) id: &'static str,
    pub(super) call: Vec<u8>,
}

impl VoiceCredits {
    /// What deploying it takes; the address if it is there already.
    pub(super) fn row(self) -> Result<CreditsRow, EthAddress> {
        match self {
            Self::Constant(credits) => Ok(CreditsRow {
                factory: ContractSource::CONSTANT_CREDITS_FACTORY,
                id: "ConstantInitialVoiceCreditProxy",
                call: IConstantInitialVoiceCreditProxyFactory::deployCall {
                    balance: U256::from(credits),
                }
                .abi_encode(),
            }),
            Self::Erc20Votes {
                snapshot_block,
                token,
                factor,
            } => Ok(CreditsRow {
                factory: ContractSource::ERC20_VOTES_CREDITS_FACTORY,
                id: "ERC20VotesInitialVoiceCreditProxy",
                call: IERC20VotesInitialVoiceCreditProxyFactory::deployCall {
                    snapshotBlock: U256::from(snapshot_block),
                    token: address(token),
                    factor,
                }
                .abi_encode(),
            }),
            Self::Proxy(at) => Err(at),
        }
    }
}
