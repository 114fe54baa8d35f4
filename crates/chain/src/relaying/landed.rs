use maci_crypto::{Fr, poseidon};
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::EthAddress;
use maci_protocol::ledger::RawLog;

use crate::logs::{ContractEvent, UnreadableLog, decode};

/// The poll's message chain at some point: so many messages, and the hash over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainLink {
    /// Messages, the placeholder included.
    pub messages: u64,
    /// The chain hash after them.
    pub hash: Fr,
}

impl ChainLink {
    /// The chain after one more message.
    #[must_use]
    pub fn then(self, message_hash: &Fr) -> Self {
        Self {
            messages: self.messages.saturating_add(1),
            hash: poseidon::hash2(self.hash, *message_hash),
        }
    }
}

/// A relayed batch that a block announced, and the poll's message chain up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LandedBatch {
    /// Which batch.
    pub digest: ContentDigest,
    /// The chain before the block, and after each of its messages up to the batch's last.
    trail: Vec<ChainLink>,
}

impl LandedBatch {
    /// The chain after the batch's last message, as the contract said it.
    #[must_use]
    pub fn after(&self) -> Option<ChainLink> {
        self.trail.last().copied()
    }

    /// The chain before the batch's first message, if the batch has so many.
    #[must_use]
    pub fn before(&self, messages: usize) -> Option<ChainLink> {
        let place = self.trail.len().checked_sub(1)?.checked_sub(messages)?;
        self.trail.get(place).copied()
    }
}

/// The relayed batches among a poll's logs of one block, the chain before that block given. A batch's own log comes right
/// after those of its messages.
///
/// # Errors
/// When a log of the poll does not say what it should.
pub fn landed_batches(poll: EthAddress, before: ChainLink, logs: &[RawLog]) -> Result<Vec<LandedBatch>, UnreadableLog> {
    let (mut found, mut trail, mut now) = (Vec::new(), vec![before], before);
    for log in logs.iter().filter(|log| log.address == poll) {
        match decode(log)? {
            Some(ContractEvent::ChainHashUpdated { chain_hash }) => {
                now = ChainLink {
                    messages: now.messages.saturating_add(1),
                    hash: chain_hash,
                };
                trail.push(now);
            }
            Some(ContractEvent::IpfsHashAdded { digest }) => found.push(LandedBatch {
                digest: ContentDigest(digest),
                trail: trail.clone(),
            }),
            Some(
                ContractEvent::SignUp { .. }
                | ContractEvent::DeployPoll { .. }
                | ContractEvent::PollJoined { .. }
                | ContractEvent::PublishMessage { .. }
                | ContractEvent::MergeState { .. }
                | ContractEvent::ResultAdded { .. },
            )
            | None => {}
        }
    }
    Ok(found)
}
