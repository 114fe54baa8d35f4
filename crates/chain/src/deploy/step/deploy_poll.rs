use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_protocol::ids::EthAddress;

use crate::contracts::Generation;
use crate::contracts::maci::{IMaciA, IMaciB};
use crate::deploy::{DeployError, PollDesign};
use crate::words::{address, word};

/// Where a poll's MACI and the contracts it is given are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) maci: EthAddress,
    pub(super) generation: Generation,
    /// Verifier and registry, which generation A asks for and generation B has itself.
    pub(super) verifier_and_registry: Option<(EthAddress, EthAddress)>,
    pub(super) policy: EthAddress,
    pub(super) credits: EthAddress,
}

impl PollDesign {
    /// The call of `deployPoll` in the generation's shape.
    pub(super) fn encode(&self, around: Around) -> Result<Vec<u8>, DeployError> {
        let Around {
            maci,
            generation,
            verifier_and_registry,
            policy,
            credits,
        } = around;
        let key = self.coordinator.point();
        let relayers = self.relayers.iter().copied().map(address).collect();
        Ok(match generation {
            Generation::A => {
                let (verifier, registry) =
                    verifier_and_registry.ok_or(DeployError::VerifierNotGiven { maci, generation })?;
                IMaciA::deployPollCall {
                    args: IMaciA::DeployPollArgs {
                        startDate: U256::from(self.period.start),
                        endDate: U256::from(self.period.end),
                        treeDepths: IMaciA::TreeDepths {
                            tallyProcessingStateTreeDepth: self.depths.tally_processing_state_tree(),
                            voteOptionTreeDepth: self.depths.vote_option_tree(),
                            stateTreeDepth: self.depths.state_tree(),
                        },
                        messageBatchSize: self.message_batch_size,
                        coordinatorPublicKey: IMaciA::CoordinatorKey {
                            x: word(&key.x),
                            y: word(&key.y),
                        },
                        verifier: address(verifier),
                        verifyingKeysRegistry: address(registry),
                        mode: self.mode.into(),
                        policy: address(policy),
                        initialVoiceCreditProxy: address(credits),
                        relayers,
                        voteOptions: U256::from(self.vote_options),
                    },
                }
                .abi_encode()
            }
            Generation::B => IMaciB::deployPollCall {
                args: IMaciB::PollParams {
                    startDate: U256::from(self.period.start),
                    endDate: U256::from(self.period.end),
                    treeDepths: IMaciB::DepthsOfTrees {
                        tallyProcessingStateTreeDepth: self.depths.tally_processing_state_tree(),
                        voteOptionTreeDepth: self.depths.vote_option_tree(),
                        stateTreeDepth: self.depths.state_tree(),
                    },
                    messageBatchSize: self.message_batch_size,
                    coordinatorPublicKey: IMaciB::KeyOfCoordinator {
                        x: word(&key.x),
                        y: word(&key.y),
                    },
                    mode: self.mode.into(),
                    policy: address(policy),
                    initialVoiceCreditProxy: address(credits),
                    relayers,
                    voteOptions: U256::from(self.vote_options),
                },
            }
            .abi_encode(),
        })
    }
}

#[cfg(test)]
mod tests;
