//! Voters and checkers who use the official JavaScript libraries, so that our side meets what others made.
//!
//! - `action`   what a voter can do, and what came of it
//! - `helia`    another IPFS implementation
//! - `helia_peer`   the same among other nodes
//! - `scripts`  running the scripts of `clients/`
mod action;
mod helia;
mod helia_peer;
mod scripts;

pub use action::{Action, Answer, Vote};
pub use helia::Helia;
pub use helia_peer::HeliaPeer;
pub use scripts::{ClientError, Clients, Round};
