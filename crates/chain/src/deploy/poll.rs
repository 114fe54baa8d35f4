use alloy::eips::BlockId;
use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_crypto::keys::PublicKey;
use maci_protocol::ids::{BlockNumber, EthAddress, PollId, PollRef};
use maci_protocol::poll::{Mode, PollConfig, PollParameters, TreeDepths};

use super::{DeployError, Deployer, PolicyKind, VoiceCredits};
use crate::contracts::Generation;
use crate::contracts::maci::{IMaci, IMaciA, IMaciB};
use crate::logs::{ContractEvent, decode};
use crate::reader::{Period, PollAddresses, PollReader, ReadError};
use crate::send::Landed;
use crate::words::{address, word};

/// What kind of poll to deploy.
#[derive(Debug, Clone)]
pub struct PollSettings {
    /// The MACI contract that makes it.
    pub maci: EthAddress,
    /// Verifier and registry, which generation A asks for and generation B has itself.
    pub verifier_and_registry: Option<(EthAddress, EthAddress)>,
    /// How votes are paid for.
    pub mode: Mode,
    /// How large its trees are.
    pub depths: TreeDepths,
    /// Messages per processing proof; exactly the circuit's.
    pub message_batch_size: u8,
    /// Options voters choose between.
    pub vote_options: u64,
    /// When votes are taken.
    pub period: Period,
    /// The key messages are encrypted for.
    pub coordinator: PublicKey,
    /// Who may join.
    pub policy: PolicyKind,
    /// How many credits a voter gets.
    pub credits: VoiceCredits,
    /// Who may relay messages.
    pub relayers: Vec<EthAddress>,
}

/// A poll that was deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollContracts {
    /// Which poll it is.
    pub poll: PollRef,
    /// The block it was deployed in.
    pub block: BlockNumber,
    /// Its contracts.
    pub addresses: PollAddresses,
    /// Guards joins.
    pub policy: EthAddress,
    /// Says how many credits a voter gets.
    pub initial_voice_credit_proxy: EthAddress,
}

/// Deploys a poll with a policy and a credit proxy of its own.
pub async fn deploy_poll(deployer: &mut Deployer<'_>, settings: &PollSettings) -> Result<PollContracts, DeployError> {
    let (rpc, maci) = (deployer.rpc, settings.maci);
    let generation = Generation::of(rpc, maci).await?;
    check(deployer, settings).await?;
    let policy = deployer.policy(&settings.policy).await?;
    let credits = settings.credits.deploy(deployer).await?;
    let data = settings.encode(generation, policy, credits)?;
    let landed = deployer.call("poll", Some(maci), data).await?;
    let id = number_in(&landed, maci).ok_or_else(|| deployer.nothing_left("poll", "DeployPoll event"))?;
    let reader = PollReader::open(rpc, maci, id).await?;
    let addresses = reader.addresses();
    deployer.remember_clone("Poll", addresses.poll, &landed, id);
    deployer.remember_clone("MessageProcessor", addresses.message_processor, &landed, id);
    deployer.remember_clone("Tally", addresses.tally, &landed, id);
    deployer.guard(policy, addresses.poll).await?;
    Ok(PollContracts {
        poll: reader.config().poll(),
        block: landed.block,
        addresses,
        policy,
        initial_voice_credit_proxy: credits,
    })
}

/// Refuses what MACI would let pass but nobody could finalise or vote in.
async fn check(deployer: &Deployer<'_>, settings: &PollSettings) -> Result<(), DeployError> {
    let rpc = deployer.rpc;
    let maci = IMaci::new(address(settings.maci), rpc.provider().clone());
    let depth = maci.stateTreeDepth().block(BlockId::latest()).call().await;
    let depth = depth.map_err(ReadError::calling(settings.maci, rpc.chain(), "stateTreeDepth"))?;
    if depth != settings.depths.state_tree() {
        return Err(DeployError::StateDepth {
            poll: settings.depths.state_tree(),
            maci: depth,
        });
    }
    let (Period { start, end }, now) = (settings.period, rpc.head().await?.timestamp);
    if end <= start || end <= now {
        return Err(DeployError::Dates { start, end, now });
    }
    PollConfig::new(PollParameters {
        poll: PollRef {
            chain: rpc.chain(),
            maci: settings.maci,
            // its number is not known yet and not part of what is checked
            poll: PollId(0),
        },
        mode: settings.mode,
        depths: settings.depths,
        message_batch_size: settings.message_batch_size,
        vote_options: settings.vote_options,
        coordinator_public_key: settings.coordinator,
    })?;
    Ok(())
}

/// The number of the poll that a transaction made.
fn number_in(landed: &Landed, maci: EthAddress) -> Option<PollId> {
    let events = landed.logs.iter().filter(|log| log.address == maci);
    events
        .filter_map(|log| decode(log).ok().flatten())
        .find_map(|event| match event {
            ContractEvent::DeployPoll { poll, .. } => Some(poll),
            ContractEvent::SignUp { .. }
            | ContractEvent::PollJoined { .. }
            | ContractEvent::PublishMessage { .. }
            | ContractEvent::IpfsHashAdded { .. }
            | ContractEvent::ChainHashUpdated { .. }
            | ContractEvent::MergeState { .. }
            | ContractEvent::ResultAdded { .. } => None,
        })
}

impl PollSettings {
    /// The call of `deployPoll` in the generation's shape.
    fn encode(&self, generation: Generation, policy: EthAddress, credits: EthAddress) -> Result<Vec<u8>, DeployError> {
        let key = self.coordinator.point();
        let relayers = self.relayers.iter().copied().map(address).collect();
        Ok(match generation {
            Generation::A => {
                let (verifier, registry) = self.verifier_and_registry.ok_or(DeployError::VerifierNotGiven {
                    maci: self.maci,
                    generation,
                })?;
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
