//! Voters and checkers who use the official JavaScript libraries, so that our side meets what others made.
//!
//! - `action`   what a voter can do, and what came of it
//! - `scripts`  running the scripts of `clients/`
mod action;
mod scripts;

pub use action::{Action, Answer, Vote};
pub use scripts::{ClientError, Clients, Round};
