//! What a voter does, for demonstrations and tests: everything a client would do, with our own numbers.
//!
//! - `signup`   registers a key with MACI
//! - `join`     joins a poll with a proof of having signed up
//! - `vote`     publishes an encrypted vote
//! - `error`    what can go wrong

mod error;
mod join;
mod signup;
mod vote;

pub use error::VoterError;
pub use join::join;
pub use signup::sign_up;
pub use vote::{Vote, vote};
