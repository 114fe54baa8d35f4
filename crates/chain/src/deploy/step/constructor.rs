use alloy::primitives::U256;
use alloy::sol_types::SolConstructor;
use maci_protocol::ids::EthAddress;

use crate::contracts::Generation;
use crate::contracts::maci::{IMaciA, IMaciB};
use crate::words::address;

/// What MACI's constructor is given.
pub(super) struct Parts {
    pub(super) poll_factory: EthAddress,
    pub(super) message_processor_factory: EthAddress,
    pub(super) tally_factory: EthAddress,
    pub(super) sign_up_policy: EthAddress,
    pub(super) verifier: EthAddress,
    pub(super) registry: EthAddress,
    pub(super) state_tree_depth: u8,
    pub(super) empty_ballot_roots: [U256; 5],
}

impl Parts {
    /// The constructor's arguments in the generation's shape.
    pub(super) fn encode(&self, generation: Generation) -> Vec<u8> {
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
    pub(super) fn show(&self, generation: Generation) -> String {
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
