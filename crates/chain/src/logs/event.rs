use alloy::primitives::{B256, LogData};
use alloy::sol_types::{SolEvent, SolEventInterface};
use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_protocol::ids::{BlockNumber, PollId, StateIndex};
use maci_protocol::ledger::RawLog;

use crate::contracts::finalising::ITally::ITallyEvents;
use crate::contracts::maci::IMaci::{self, IMaciEvents};
use crate::contracts::poll::IPoll::{self, IPollEvents};
use crate::words::{field, point};

/// What a log of MACI, a poll or a tally says.
///
/// Words are reduced to field elements as the contracts' own hashes and the circuits reduce them;
/// counters that exceed 64 bits make a log unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "messages are most of a poll's events, so the space is used"
)]
pub enum ContractEvent {
    /// Somebody signed up.
    SignUp {
        /// The place in MACI's tree of sign-ups.
        state_index: StateIndex,
        /// The key signed up.
        key: Point,
    },
    /// A poll was made.
    DeployPoll {
        /// Its number.
        poll: PollId,
        /// The key messages are encrypted for.
        coordinator: Point,
        /// The mode's number, perhaps of a fork.
        mode: u8,
    },
    /// Somebody who signed up joined the poll.
    PollJoined {
        /// The key joined with.
        key: Point,
        /// The credits given.
        voice_credits: Fr,
        /// What prevents joining twice.
        nullifier: Fr,
        /// The place in the poll's state tree.
        state_index: StateIndex,
    },
    /// A message was published on chain.
    PublishMessage {
        /// The ciphertext.
        data: [Fr; 10],
        /// The key it is encrypted with.
        encryption_key: Point,
    },
    /// A relayer put the hashes of messages on chain; their content is on IPFS.
    IpfsHashAdded {
        /// The SHA-256 digest of the file of messages.
        digest: [u8; 32],
    },
    /// A message, published or relayed, was chained.
    ChainHashUpdated {
        /// The chain hash after it.
        chain_hash: Fr,
    },
    /// The poll's state tree was merged.
    MergeState {
        /// Its root.
        root: Fr,
        /// Leaves, the blank one included.
        leaves: u64,
    },
    /// A result was put on chain (generation B only).
    ResultAdded {
        /// The vote option.
        option: u64,
        /// Its result.
        result: Fr,
    },
}

/// A log that carries a known event's name but not its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("log {log} of block {block} is not the {event} event it claims to be; ask another endpoint")]
pub struct UnreadableLog {
    /// The block.
    pub block: BlockNumber,
    /// The log's index in it.
    pub log: u64,
    /// The event.
    pub event: &'static str,
}

/// What a log says; none if it is an event this coordinator has no use for.
pub fn decode(log: &RawLog) -> Result<Option<ContractEvent>, UnreadableLog> {
    let Some(name) = log.topics.first().and_then(known_name) else {
        return Ok(None);
    };
    read(log).map(Some).ok_or(UnreadableLog {
        block: log.place.block,
        log: log.place.log,
        event: name,
    })
}

fn known_name(topic: &[u8; 32]) -> Option<&'static str> {
    const NAMES: [(B256, &str); 8] = [
        (IMaci::SignUp::SIGNATURE_HASH, "SignUp"),
        (IMaci::DeployPoll::SIGNATURE_HASH, "DeployPoll"),
        (IPoll::PollJoined::SIGNATURE_HASH, "PollJoined"),
        (IPoll::PublishMessage::SIGNATURE_HASH, "PublishMessage"),
        (IPoll::IpfsHashAdded::SIGNATURE_HASH, "IpfsHashAdded"),
        (IPoll::ChainHashUpdated::SIGNATURE_HASH, "ChainHashUpdated"),
        (IPoll::MergeState::SIGNATURE_HASH, "MergeState"),
        (
            crate::contracts::finalising::ITally::ResultAdded::SIGNATURE_HASH,
            "ResultAdded",
        ),
    ];
    NAMES.iter().find(|(hash, _)| hash.0 == *topic).map(|(_, name)| *name)
}

fn read(log: &RawLog) -> Option<ContractEvent> {
    let data = LogData::new(
        log.topics.iter().copied().map(B256::from).collect(),
        log.data.clone().into(),
    )?;
    let topics = data.topics();
    if let Ok(event) = IPollEvents::decode_raw_log(topics, &data.data) {
        return of_poll(event);
    }
    if let Ok(event) = IMaciEvents::decode_raw_log(topics, &data.data) {
        return of_maci(event);
    }
    match ITallyEvents::decode_raw_log(topics, &data.data) {
        Ok(ITallyEvents::ResultAdded(event)) => Some(ContractEvent::ResultAdded {
            option: event.voteOptionIndex.try_into().ok()?,
            result: field(event.tallyResult),
        }),
        Err(_) => None,
    }
}

fn of_poll(event: IPollEvents) -> Option<ContractEvent> {
    Some(match event {
        IPollEvents::PollJoined(event) => ContractEvent::PollJoined {
            key: point(event._pollPublicKeyX, event._pollPublicKeyY),
            voice_credits: field(event._voiceCreditBalance),
            nullifier: field(event._nullifier),
            state_index: StateIndex(event._pollStateIndex.try_into().ok()?),
        },
        IPollEvents::PublishMessage(event) => ContractEvent::PublishMessage {
            data: event._message.data.map(field),
            encryption_key: point(event._encryptionPublicKey.x, event._encryptionPublicKey.y),
        },
        IPollEvents::IpfsHashAdded(event) => ContractEvent::IpfsHashAdded {
            digest: event._ipfsHash.0,
        },
        IPollEvents::ChainHashUpdated(event) => ContractEvent::ChainHashUpdated {
            chain_hash: field(event._chainHash),
        },
        IPollEvents::MergeState(event) => ContractEvent::MergeState {
            root: field(event._stateRoot),
            leaves: event._totalSignups.try_into().ok()?,
        },
    })
}

fn of_maci(event: IMaciEvents) -> Option<ContractEvent> {
    Some(match event {
        IMaciEvents::SignUp(event) => ContractEvent::SignUp {
            state_index: StateIndex(event._stateIndex.try_into().ok()?),
            key: point(event._userPublicKeyX, event._userPublicKeyY),
        },
        IMaciEvents::DeployPoll(event) => ContractEvent::DeployPoll {
            poll: PollId(event._pollId.try_into().ok()?),
            coordinator: point(event._coordinatorPublicKeyX, event._coordinatorPublicKeyY),
            mode: event._mode,
        },
    })
}

#[cfg(test)]
mod tests;
