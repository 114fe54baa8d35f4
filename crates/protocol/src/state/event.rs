use crate::ids::StateIndex;
use crate::vote::{Message, StateLeaf};

/// Something that happened in a poll, in the order of the ledger: by block, transaction and log.
///
/// A relayed batch is its messages, one event each, at the place of its `IpfsHashAdded` event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "messages outnumber voters; boxing them would cost more"
)]
pub enum PollEvent {
    /// A voter joined (`PollJoined`).
    Joined {
        /// The leaf's place, as the contract reports it.
        index: StateIndex,
        /// The voter's key and credits.
        leaf: StateLeaf,
    },
    /// A message was published or relayed; the first one of a poll is the placeholder.
    Message(Message),
}
