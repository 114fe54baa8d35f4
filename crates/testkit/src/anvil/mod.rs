//! A local chain: anvil on a free port, stopped when dropped.
//!
//! - `process`   starting, readiness, stopping
//! - `steer`     blocks, time, snapshots, reorgs
//! - `history`   which calls the chain has seen
//! - `accounts`  the funded development accounts
mod accounts;
mod history;
mod process;
mod steer;

pub use accounts::{ACCOUNTS, DevAccount};
pub use history::{Call, NotOnce, each_once};
pub use process::{Anvil, AnvilError, AnvilOptions};
pub use steer::Snapshot;
