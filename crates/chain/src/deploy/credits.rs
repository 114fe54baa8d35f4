use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_protocol::ids::EthAddress;

use super::{DeployError, Deployer};
use crate::artifacts::ContractSource;
use crate::contracts::factories::IConstantInitialVoiceCreditProxyFactory;

/// How many credits a voter gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceCredits {
    /// Everybody the same number.
    Constant(u64),
    /// As many as a proxy says that is there already.
    Proxy(EthAddress),
}

impl VoiceCredits {
    /// The proxy's address; it is deployed if it is not there already.
    pub(super) async fn deploy(self, deployer: &mut Deployer<'_>) -> Result<EthAddress, DeployError> {
        let credits = match self {
            Self::Proxy(address) => return Ok(address),
            Self::Constant(credits) => credits,
        };
        let factory = ContractSource::CONSTANT_CREDITS_FACTORY;
        let at = deployer.contract(factory, factory.name, &[], None).await?;
        let call = IConstantInitialVoiceCreditProxyFactory::deployCall {
            balance: U256::from(credits),
        };
        deployer
            .clone_from(at, "ConstantInitialVoiceCreditProxy", call.abi_encode())
            .await
    }
}
