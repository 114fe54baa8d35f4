//! From a poll's events and the coordinator's key to everything that is proven about it.
//!
//! [`finalise`] is a function: the same state, key, profile and salts give the same batches, byte
//! for byte, on any machine. It opens all messages and checks their signatures on all cores,
//! judges them from the last to the first, and then walks the trees the same way, noting for every
//! message what it finds. Each message costs a fixed number of hashes per tree level, however long
//! the poll has become.
//!
//! - `coordinator_key`   the poll's key, checked to be the poll's
//! - `opening`           decrypting and checking messages, all at once
//! - `working_state`     leaves and ballots while messages are applied
//! - `trees`             their trees, kept in step
//! - `process`           batches of messages, the last one first
//! - `tally`             batches of ballots
//! - `finalisation`      all of it together

mod coordinator_key;
mod error;
mod final_state;
mod finalisation;
mod opening;
mod process;
mod tally;
mod trees;
mod working_state;

pub use coordinator_key::{CoordinatorKey, WrongCoordinatorKey};
pub use error::ReplayError;
pub use final_state::FinalState;
pub use finalisation::{Finalisation, finalise, unprovable_messages};
pub use process::{JudgedMessage, ProcessBatch};
pub use tally::TallyBatch;

#[cfg(test)]
mod tests;
