//! What voters send and what the coordinator keeps for them.
//!
//! - `command`      what a voter wants, signed
//! - `message`      a command encrypted for the coordinator, as the chain sees it
//! - `chain_hash`   how messages are hashed into the chain and into batches
//! - `state_leaf`   a voter's key and credits
//! - `ballot`       a voter's nonce and votes

mod chain_hash;

mod message;
mod state_leaf;

pub use chain_hash::{MessageChain, batch_count, batch_range};

pub use message::Message;
pub use state_leaf::{StateLeaf, StateLeafError};
