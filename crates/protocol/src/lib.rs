//! What a poll is, and how events change it.
//!
//! Everything that follows from a poll's ordered events and the coordinator's key: its state, its
//! message batches, the inputs and public values of every circuit, the tally, and the files other
//! tools read. It is *not* anything that touches the world: no clock, file, network or random
//! source; the same arguments give the same answer on every machine.
//!
//! Start reading at [`state`] (events in) and [`replay`] (proofs' inputs out).
//!
//! - [`ids`]         names of polls, contracts, blocks, messages
//! - [`ledger`]      blocks and logs as the chain recorded them
//! - [`poll`]        a poll's parameters
//! - [`vote`]        commands, messages, state leaves, ballots, the message chain
//! - [`state`]       a poll followed event by event
//! - [`verdict`]     what a circuit says about one message
//! - [`replay`]      all batches of a finished poll, and its result
//! - [`salts`]       what hides commitments, derived
//! - [`tally`]       sums, their commitments, their publication
//! - [`statement`]   what each circuit proves, as its inputs and as plain Rust
//! - [`circuit`]     the circuits' names, files and profiles
//! - [`groth16`]     proofs and verifying keys as data
//! - [`files`]       files that other tools read
//! - [`cid`]         names of relayed batches on IPFS
//! - [`time`]        moments

pub mod cid;
pub mod circuit;
pub mod files;
pub mod groth16;
pub mod ids;
pub mod ledger;
pub mod poll;
mod remedy;
pub mod replay;
pub mod salts;
pub mod state;
pub mod statement;
pub mod tally;
pub mod time;
pub mod verdict;
pub mod vote;

#[cfg(test)]
mod scripted;

pub use circuit::{CircuitId, Profile, Template};
pub use ids::{BlockNumber, ChainId, EthAddress, MessageIndex, PollId, PollRef, StateIndex, TxHash};
pub use poll::{Mode, PollConfig, PollParameters, TreeDepths};
pub use remedy::Remedy;
pub use replay::{CoordinatorKey, Finalisation, ReplayError, finalise};
pub use salts::{DerivedSalts, InjectedSalts, Salts};
pub use state::{PollEvent, PollState};
pub use tally::Tally;
pub use vote::{Ballot, Command, Message, MessageChain, StateLeaf};
