//! Putting relayed messages on chain without ever breaking a poll.
//!
//! `Poll.relayMessagesBatch` counts a whole call before it looks for the ends of batches (quirk Q-15): a call of two or
//! more messages that meets the end of a batch leaves `batchHashes` wrong for good, and nobody can finalise the poll. What
//! is safe depends on how many messages the poll has *when the call is mined*, which anybody can change in front of it.
//!
//! - `split`   how many messages may go in each call, if nobody publishes in between
//! - `guard`   a contract of a hundred bytes that looks again in the same transaction, and refuses
//! - `calls`   the calls, through the guard or without it
//! - `landed`  where the messages of a call stand in the poll's chain

mod calls;
mod guard;
mod landed;
mod split;

pub use calls::{RelayCalls, RelayedCall};
pub use guard::Guard;
pub use landed::{ChainLink, LandedBatch, landed_batches};
pub use split::safe_lengths;
