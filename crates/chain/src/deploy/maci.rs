use alloy::primitives::U256;
use alloy::sol_types::{SolConstructor, SolValue};
use maci_protocol::ids::EthAddress;
use maci_protocol::vote::empty_ballot_roots;

use super::keys::set_verifying_keys;
use super::{DeployError, Deployer, KeySet, PolicyKind};
use crate::artifacts::ContractSource;
use crate::contracts::Generation;
use crate::contracts::maci::{IMaciA, IMaciB};
use crate::words::{address, word};

/// Which verifier checks proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierKind {
    /// The real one.
    Groth16,
    /// One that accepts everything, for tests of what surrounds proofs.
    AcceptsEverything,
}

/// What kind of MACI to deploy.
#[derive(Debug, Clone)]
pub struct MaciSettings {
    /// Levels of the tree of sign-ups; its polls must have the same.
    pub state_tree_depth: u8,
    /// Who may sign up.
    pub sign_up_policy: PolicyKind,
    /// Which verifier checks proofs.
    pub verifier: VerifierKind,
    /// The verifying keys to register; none to register them later.
    pub keys: Option<KeySet>,
}

/// The contracts of a MACI deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaciContracts {
    /// MACI itself.
    pub maci: EthAddress,
    /// Its generation.
    pub generation: Generation,
    /// Checks proofs.
    pub verifier: EthAddress,
    /// Holds verifying keys.
    pub verifying_keys_registry: EthAddress,
    /// Guards sign-ups.
    pub sign_up_policy: EthAddress,
}

/// What MACI's constructor is given.
struct Parts {
    poll_factory: EthAddress,
    message_processor_factory: EthAddress,
    tally_factory: EthAddress,
    sign_up_policy: EthAddress,
    verifier: EthAddress,
    registry: EthAddress,
    state_tree_depth: u8,
    empty_ballot_roots: [U256; 5],
}

/// Deploys MACI and everything it needs.
pub async fn deploy_maci(deployer: &mut Deployer<'_>, settings: &MaciSettings) -> Result<MaciContracts, DeployError> {
    let generation = deployer.artifacts.generation()?;
    let depth = settings.state_tree_depth;
    let roots = empty_ballot_roots(depth).map_err(|source| DeployError::Depth { depth, source })?;
    let sign_up_policy = deployer.policy(&settings.sign_up_policy).await?;
    let verifier = match settings.verifier {
        VerifierKind::Groth16 => ContractSource::VERIFIER,
        VerifierKind::AcceptsEverything => ContractSource::MOCK_VERIFIER,
    };
    let verifier = deployer.contract(verifier, "Verifier", &[], None).await?;
    let owner = deployer.caller();
    let registry = deployer
        .contract(
            ContractSource::VERIFYING_KEYS_REGISTRY,
            "VerifyingKeysRegistry",
            &address(owner).abi_encode(),
            Some(format!("[\"{owner}\"]")),
        )
        .await?;
    if let Some(keys) = &settings.keys {
        set_verifying_keys(deployer.rpc, deployer.submitter(), registry, keys).await?;
    }
    for library in ContractSource::POSEIDON {
        deployer.library(library).await?;
    }
    let mut factories = [EthAddress::ZERO; 3];
    let sources = [
        ContractSource::POLL_FACTORY,
        ContractSource::MESSAGE_PROCESSOR_FACTORY,
        ContractSource::TALLY_FACTORY,
    ];
    for (at, source) in factories.iter_mut().zip(sources) {
        *at = deployer.contract(source, source.name, &[], None).await?;
    }
    let [poll_factory, message_processor_factory, tally_factory] = factories;
    let parts = Parts {
        poll_factory,
        message_processor_factory,
        tally_factory,
        sign_up_policy,
        verifier,
        registry,
        state_tree_depth: depth,
        empty_ballot_roots: roots.each_ref().map(word),
    };
    let (arguments, shown) = (parts.encode(generation), parts.show(generation));
    let maci = deployer
        .contract(ContractSource::MACI, "MACI", &arguments, Some(shown))
        .await?;
    deployer.guard(sign_up_policy, maci).await?;
    Ok(MaciContracts {
        maci,
        generation,
        verifier,
        verifying_keys_registry: registry,
        sign_up_policy,
    })
}

impl Parts {
    /// The constructor's arguments in the generation's shape.
    fn encode(&self, generation: Generation) -> Vec<u8> {
        match generation {
            Generation::A => IMaciA::constructorCall {
                _pollFactory: address(self.poll_factory),
                _messageProcessorFactory: address(self.message_processor_factory),
                _tallyFactory: address(self.tally_factory),
                _signUpPolicy: address(self.sign_up_policy),
                _stateTreeDepth: self.state_tree_depth,
                _emptyBallotRoots: self.empty_ballot_roots,
            }
            .abi_encode(),
            Generation::B => IMaciB::constructorCall {
                initParams: IMaciB::InitParams {
                    pollFactory: address(self.poll_factory),
                    messageProcessorFactory: address(self.message_processor_factory),
                    tallyFactory: address(self.tally_factory),
                    signUpPolicy: address(self.sign_up_policy),
                    verifier: address(self.verifier),
                    verifyingKeysRegistry: address(self.registry),
                    stateTreeDepth: self.state_tree_depth,
                    emptyBallotRoots: self.empty_ballot_roots,
                },
            }
            .abi_encode(),
        }
    }

    /// The arguments as `deployed-contracts.json` tells them.
    fn show(&self, generation: Generation) -> String {
        let roots: Vec<String> = self.empty_ballot_roots.iter().map(U256::to_string).collect();
        match generation {
            Generation::A => serde_json::json!([
                self.poll_factory,
                self.message_processor_factory,
                self.tally_factory,
                self.sign_up_policy,
                self.state_tree_depth,
                roots,
            ]),
            Generation::B => serde_json::json!([{
                "pollFactory": self.poll_factory,
                "messageProcessorFactory": self.message_processor_factory,
                "tallyFactory": self.tally_factory,
                "signUpPolicy": self.sign_up_policy,
                "verifier": self.verifier,
                "verifyingKeysRegistry": self.registry,
                "stateTreeDepth": self.state_tree_depth,
                "emptyBallotRoots": roots,
            }]),
        }
        .to_string()
    }
}

#[cfg(test)]
mod tests;
