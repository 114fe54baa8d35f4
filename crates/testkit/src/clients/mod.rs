//! Voters and checkers who use the official JavaScript libraries, so that our side meets what others made.
//!
//! - `action`   what a voter can do, and what came of it
//! - `helia`    another IPFS implementation
//! - `scripts`  running the scripts of `clients/`
mod action;
mod helia;
mod scripts;

pub use action::{Action, Answer, Vote};
pub use helia::Helia;
pub use scripts::{ClientError, Clients, Round};
