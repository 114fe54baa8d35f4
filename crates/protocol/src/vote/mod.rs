//! What voters send and what the coordinator keeps for them.
//!
//! - `command`      what a voter wants, signed
//! - `message`      a command encrypted for the coordinator, as the chain sees it
//! - `chain_hash`   how messages are hashed into the chain and into batches
//! - `state_leaf`   a voter's key and credits
//! - `ballot`       a voter's nonce and votes
//! - `vote_tree`    trees with a place for every option

mod ballot;
mod chain_hash;
mod command;
mod message;
mod state_leaf;
mod vote_tree;

pub use ballot::{Ballot, ballot_hash, empty_ballot_hash, empty_ballot_roots};
pub use chain_hash::{MessageChain, batch_count, batch_range};
pub use command::{Command, CommandError, Plaintext, SignedCommand};
pub use message::Message;
pub use state_leaf::{StateLeaf, StateLeafError};

pub(crate) use vote_tree::{binary_path, path_of_vote, quinary_path, root_of_votes, vote_zeros};

#[cfg(test)]
mod tests;
