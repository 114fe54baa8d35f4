//! What each circuit proves, told twice: as its public and private inputs, and in plain Rust.
//!
//! Every statement has the same rooms: a struct of public values in the order of a proof, a struct
//! of private ones, `inputs` that names them as the circuit's signals, and `holds` that checks,
//! in the circuit's order, what the circuit's constraints say.
//!
//! - `inputs`         signals by name, as JSON and as flat lists
//! - `broken`         which part of a statement does not hold
//! - `path`           folding a leaf up to a root
//! - `process`        one batch of messages
//! - `tally`          one batch of ballots
//! - `poll_joining`   a voter who signed up joins a poll
//! - `poll_joined`    a voter has joined a poll

mod broken;
mod inputs;
mod path;
mod poll_joined;
mod poll_joining;
mod process;
mod tally;

pub use broken::Broken;
pub use inputs::{CircuitInputs, InputsError, Values};
#[cfg(test)]
pub(crate) use path::quinary_root;
pub use poll_joined::PollJoinedStatement;
pub use poll_joining::{JoiningError, PollJoiningPrivate, PollJoiningPublic, PollJoiningStatement, nullifier};
pub use process::{ProcessPrivate, ProcessPublic, ProcessStatement, Slot, sb_commitment};
pub use tally::{BallotOpening, TallyPrivate, TallyPublic, TallyStatement};

#[cfg(test)]
mod tests;
