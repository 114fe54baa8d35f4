use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use maci_crypto::Fr;
use maci_crypto::keys::PublicKey;
use maci_protocol::ids::{EthAddress, PollId, PollRef};
use maci_protocol::poll::{Mode, PollConfig, PollParameters, TreeDepths};

use super::{ReadError, Registry};
use crate::contracts::Generation;
use crate::contracts::errors::KnownErrors::PollDoesNotExist;
use crate::contracts::finalising::{IMessageProcessor, ITally};
use crate::contracts::maci::IMaci;
use crate::contracts::poll::IPoll;
use crate::rpc::Rpc;
use crate::words::{address, eth_address, field, point};

/// The three contracts of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollAddresses {
    /// Takes joins and messages.
    pub poll: EthAddress,
    /// Takes proofs of message batches.
    pub message_processor: EthAddress,
    /// Takes proofs of tally batches, and results.
    pub tally: EthAddress,
}

/// Contracts a poll relies on, as it names them itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExternalContracts {
    /// The MACI contract that made it.
    pub maci: EthAddress,
    /// Checks its proofs.
    pub verifier: EthAddress,
    /// Holds its verifying keys.
    pub verifying_keys_registry: EthAddress,
    /// Decides who may join.
    pub policy: EthAddress,
    /// Decides how many credits a voter gets.
    pub initial_voice_credit_proxy: EthAddress,
}

/// When a poll takes messages, in Unix seconds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub start: u64,
    /// The last moment.
    pub end: u64,
}

/// One poll on a chain.
#[derive(Debug, Clone)]
pub struct PollReader {
    pub(super) rpc: Rpc,
    pub(super) addresses: PollAddresses,
    external: ExternalContracts,
    config: PollConfig,
    period: Period,
    empty_ballot_root: Fr,
    generation: Generation,
}

impl PollReader {
    /// Reads what is fixed about a poll, and refuses polls that nobody could finalise.
    pub async fn open(rpc: &Rpc, maci: EthAddress, id: PollId) -> Result<Self, ReadError> {
        let poll = PollRef {
            chain: rpc.chain(),
            maci,
            poll: id,
        };
        let generation = Generation::of(rpc, maci).await?;
        let addresses = addresses_of(rpc, poll).await?;
        let contract = IPoll::new(address(addresses.poll), rpc.provider().clone());
        let processor = IMessageProcessor::new(address(addresses.message_processor), rpc.provider().clone());
        let failed = |call| ReadError::calling(addresses.poll, poll.chain, call);
        let latest = alloy::eips::BlockId::latest;

        let outside = contract
            .extContracts()
            .block(latest())
            .call()
            .await
            .map_err(failed("extContracts"))?;
        let depths = contract
            .treeDepths()
            .block(latest())
            .call()
            .await
            .map_err(failed("treeDepths"))?;
        let batch_size = contract
            .messageBatchSize()
            .block(latest())
            .call()
            .await
            .map_err(failed("messageBatchSize"))?;
        let vote_options = contract
            .voteOptions()
            .block(latest())
            .call()
            .await
            .map_err(failed("voteOptions"))?;
        let key = contract
            .coordinatorPublicKey()
            .block(latest())
            .call()
            .await
            .map_err(failed("coordinatorPublicKey"))?;
        let start = contract
            .startDate()
            .block(latest())
            .call()
            .await
            .map_err(failed("startDate"))?;
        let end = contract
            .endDate()
            .block(latest())
            .call()
            .await
            .map_err(failed("endDate"))?;
        let ballot = contract
            .emptyBallotRoot()
            .block(latest())
            .call()
            .await
            .map_err(failed("emptyBallotRoot"))?;
        let mode = processor.mode().block(latest()).call().await;
        let mode = mode.map_err(ReadError::calling(addresses.message_processor, poll.chain, "mode"))?;
        let maci_depth = IMaci::new(address(maci), rpc.provider().clone())
            .stateTreeDepth()
            .block(latest())
            .call()
            .await;
        let maci_depth = maci_depth.map_err(ReadError::calling(maci, poll.chain, "stateTreeDepth"))?;

        if depths.stateTreeDepth != maci_depth {
            return Err(ReadError::StateDepth {
                poll,
                poll_depth: depths.stateTreeDepth,
                maci_depth,
            });
        }
        let count = |call, number: U256| small(addresses.poll, call, number);
        let config = PollConfig::new(PollParameters {
            poll,
            mode: Mode::try_from(mode).map_err(|_| ReadError::UnknownMode { poll, mode })?,
            depths: TreeDepths::new(
                depths.tallyProcessingStateTreeDepth,
                depths.voteOptionTreeDepth,
                depths.stateTreeDepth,
            )
            .map_err(|source| ReadError::Depths { poll, source })?,
            message_batch_size: batch_size,
            vote_options: count("voteOptions", vote_options)?,
            coordinator_public_key: PublicKey::new(point(key.x, key.y))
                .map_err(|_| ReadError::CoordinatorKey { poll })?,
        })?;
        Ok(Self {
            rpc: rpc.clone(),
            addresses,
            external: ExternalContracts {
                maci: eth_address(outside.maci),
                verifier: eth_address(outside.verifier),
                verifying_keys_registry: eth_address(outside.verifyingKeysRegistry),
                policy: eth_address(outside.policy),
                initial_voice_credit_proxy: eth_address(outside.initialVoiceCreditProxy),
            },
            config,
            period: Period {
                start: count("startDate", start)?,
                end: count("endDate", end)?,
            },
            empty_ballot_root: field(ballot),
            generation,
        })
    }

    /// Its parameters.
    pub fn config(&self) -> &PollConfig {
        &self.config
    }

    /// Its contracts.
    pub fn addresses(&self) -> PollAddresses {
        self.addresses
    }

    /// The contracts it relies on.
    pub fn external(&self) -> ExternalContracts {
        self.external
    }

    /// When it takes messages.
    pub fn period(&self) -> Period {
        self.period
    }

    /// The root of a ballot tree without votes, as the contract holds it.
    pub fn empty_ballot_root(&self) -> Fr {
        self.empty_ballot_root
    }

    /// Which generation its MACI is of.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The chain it is on.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// The registry of its verifying keys.
    pub fn registry(&self) -> Registry {
        Registry::new(self.rpc.clone(), self.external.verifying_keys_registry)
    }

    pub(super) fn poll(&self) -> IPoll::IPollInstance<DynProvider> {
        IPoll::new(address(self.addresses.poll), self.rpc.provider().clone())
    }

    pub(super) fn message_processor(&self) -> IMessageProcessor::IMessageProcessorInstance<DynProvider> {
        IMessageProcessor::new(address(self.addresses.message_processor), self.rpc.provider().clone())
    }

    pub(super) fn tally(&self) -> ITally::ITallyInstance<DynProvider> {
        ITally::new(address(self.addresses.tally), self.rpc.provider().clone())
    }
}

async fn addresses_of(rpc: &Rpc, poll: PollRef) -> Result<PollAddresses, ReadError> {
    let maci = IMaci::new(address(poll.maci), rpc.provider().clone());
    let failed = |call| ReadError::calling(poll.maci, poll.chain, call);
    let latest = alloy::eips::BlockId::latest;
    let polls = maci
        .nextPollId()
        .block(latest())
        .call()
        .await
        .map_err(failed("nextPollId"))?;
    let polls = small(poll.maci, "nextPollId", polls)?;
    let contracts = maci.getPoll(U256::from(poll.poll.0)).block(latest()).call().await;
    match contracts.map_err(failed("getPoll")) {
        Ok(contracts) if contracts.poll != Address::ZERO => Ok(PollAddresses {
            poll: eth_address(contracts.poll),
            message_processor: eth_address(contracts.messageProcessor),
            tally: eth_address(contracts.tally),
        }),
        Ok(_) => Err(ReadError::NoSuchPoll { poll, polls }),
        Err(ReadError::Refused { reason, .. }) if reason.is::<PollDoesNotExist>() => {
            Err(ReadError::NoSuchPoll { poll, polls })
        }
        Err(error) => Err(error),
    }
}

/// A count that fits 64 bits.
pub(super) fn small(of: EthAddress, call: &'static str, number: U256) -> Result<u64, ReadError> {
    number
        .try_into()
        .map_err(|_| ReadError::OutOfRange { address: of, call })
}
