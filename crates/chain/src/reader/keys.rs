use std::fmt;

use alloy::contract::Error as CallError;
use alloy::eips::BlockId;
use alloy::primitives::U256;
use maci_protocol::groth16::{SolidityVerifyingKey, VerifyingKey};
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, PollConfig, TreeDepths};

use super::{PollReader, ReadError};
use crate::contracts::errors::KnownErrors::VerifyingKeyNotSet;
use crate::contracts::keys::{G1Point, G2Point, IVerifyingKeysRegistry, VerifyingKeyWords};
use crate::rpc::Rpc;
use crate::words::address;

/// Where in a registry a key belongs. The batch size is not part of it: the contract loses it, so
/// there is one processing key per depths and mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySlot {
    /// Joining, by state tree depth.
    PollJoining(u8),
    /// Joined, by state tree depth.
    PollJoined(u8),
    /// Message processing.
    Process {
        /// The depths; the tally's is not used.
        depths: TreeDepths,
        /// The batch size, which the contract asks for and loses.
        message_batch_size: u8,
        /// The mode.
        mode: Mode,
    },
    /// Tally.
    Tally {
        /// The depths.
        depths: TreeDepths,
        /// The mode.
        mode: Mode,
    },
}

impl fmt::Display for KeySlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PollJoining(state) => write!(f, "PollJoining (state depth {state})"),
            Self::PollJoined(state) => write!(f, "PollJoined (state depth {state})"),
            Self::Process { depths, mode, .. } => {
                let (state, vote) = (depths.state_tree(), depths.vote_option_tree());
                write!(
                    f,
                    "MessageProcessor {mode} (state depth {state}, vote option depth {vote})"
                )
            }
            Self::Tally { depths, mode } => {
                let (state, vote) = (depths.state_tree(), depths.vote_option_tree());
                let tally = depths.tally_processing_state_tree();
                write!(
                    f,
                    "VoteTally {mode} (state depth {state}, tally depth {tally}, vote option depth {vote})"
                )
            }
        }
    }
}

/// The four keys a poll's contracts will use; none where the registry has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredKeys {
    /// For joining.
    pub poll_joining: Option<VerifyingKey>,
    /// For showing that one has joined.
    pub poll_joined: Option<VerifyingKey>,
    /// For message batches.
    pub process: Option<VerifyingKey>,
    /// For tally batches.
    pub tally: Option<VerifyingKey>,
}

/// A registry of verifying keys.
#[derive(Debug, Clone)]
pub struct Registry {
    rpc: Rpc,
    address: EthAddress,
}

impl KeySlot {
    /// The slots a poll's contracts look into.
    pub fn of_poll(config: &PollConfig) -> [Self; 4] {
        let (depths, mode) = (config.depths(), config.mode());
        [
            Self::PollJoining(depths.state_tree()),
            Self::PollJoined(depths.state_tree()),
            Self::Process {
                depths,
                message_batch_size: config.message_batch_size(),
                mode,
            },
            Self::Tally { depths, mode },
        ]
    }
}

impl Registry {
    /// The registry at an address.
    pub fn new(rpc: Rpc, address: EthAddress) -> Self {
        Self { rpc, address }
    }

    /// The key in a slot; none if it is empty.
    pub async fn key(&self, slot: KeySlot) -> Result<Option<VerifyingKey>, ReadError> {
        let registry = IVerifyingKeysRegistry::new(address(self.address), self.rpc.provider().clone());
        let number = |depth: u8| U256::from(depth);
        let latest = BlockId::latest();
        let words: Result<VerifyingKeyWords, CallError> = match slot {
            KeySlot::PollJoining(state) => {
                registry
                    .getPollJoiningVerifyingKey(number(state))
                    .block(latest)
                    .call()
                    .await
            }
            KeySlot::PollJoined(state) => {
                registry
                    .getPollJoinedVerifyingKey(number(state))
                    .block(latest)
                    .call()
                    .await
            }
            KeySlot::Process {
                depths,
                message_batch_size,
                mode,
            } => {
                let (state, vote) = (number(depths.state_tree()), number(depths.vote_option_tree()));
                let call = registry.getProcessVerifyingKey(state, vote, message_batch_size, mode.into());
                call.block(latest).call().await
            }
            KeySlot::Tally { depths, mode } => {
                let (state, vote) = (number(depths.state_tree()), number(depths.vote_option_tree()));
                let tally = number(depths.tally_processing_state_tree());
                registry
                    .getTallyVerifyingKey(state, tally, vote, mode.into())
                    .block(latest)
                    .call()
                    .await
            }
        };
        match words.map_err(ReadError::calling(self.address, self.rpc.chain(), "get…VerifyingKey")) {
            Ok(words) => from_words(&words).map(Some).map_err(|source| ReadError::VerifyingKey {
                slot: slot.to_string(),
                registry: self.address,
                source,
            }),
            Err(ReadError::Refused { reason, .. }) if reason.is::<VerifyingKeyNotSet>() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl PollReader {
    /// The keys that this poll's contracts will check proofs with.
    pub async fn registered_keys(&self) -> Result<RegisteredKeys, ReadError> {
        let registry = self.registry();
        let [joining, joined, process, tally] = KeySlot::of_poll(self.config());
        Ok(RegisteredKeys {
            poll_joining: registry.key(joining).await?,
            poll_joined: registry.key(joined).await?,
            process: registry.key(process).await?,
            tally: registry.key(tally).await?,
        })
    }
}

fn from_words(words: &VerifyingKeyWords) -> Result<VerifyingKey, maci_protocol::groth16::Groth16Error> {
    let bytes = |word: &U256| word.to_be_bytes::<32>();
    let g1 = |point: &G1Point| [bytes(&point.x), bytes(&point.y)];
    let g2 = |point: &G2Point| [point.x.each_ref().map(bytes), point.y.each_ref().map(bytes)];
    VerifyingKey::from_solidity(&SolidityVerifyingKey {
        alpha1: g1(&words.alpha1),
        beta2: g2(&words.beta2),
        gamma2: g2(&words.gamma2),
        delta2: g2(&words.delta2),
        ic: words.ic.iter().map(g1).collect(),
    })
}

/// A key as the contracts take it.
pub(crate) fn to_words(key: &VerifyingKey) -> VerifyingKeyWords {
    let word = |bytes: [u8; 32]| U256::from_be_bytes(bytes);
    let g1 = |[x, y]: [[u8; 32]; 2]| G1Point { x: word(x), y: word(y) };
    let g2 = |[x, y]: [[[u8; 32]; 2]; 2]| G2Point {
        x: x.map(word),
        y: y.map(word),
    };
    let words = key.to_solidity();
    VerifyingKeyWords {
        alpha1: g1(words.alpha1),
        beta2: g2(words.beta2),
        gamma2: g2(words.gamma2),
        delta2: g2(words.delta2),
        ic: words.ic.into_iter().map(g1).collect(),
    }
}
