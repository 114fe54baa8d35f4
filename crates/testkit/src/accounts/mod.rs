//! What smart accounts need: their contracts on a local chain, and a bundler.
//!
//! - `contracts`   EntryPoint, Kernel and its modules, at the addresses they have everywhere
//! - `bundler`     a bundler of its own for the test
//! - `approvals`   approvals as the published libraries make them

mod approvals;
mod bundler;
mod contracts;

pub use approvals::{MadeApproval, make_approval};
pub use bundler::AltoBundler;
pub use contracts::AccountContracts;

use std::io;

use crate::places::Missing;
use crate::rpc::RpcError;

/// Why there are no smart accounts.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// Node could not be run.
    #[error("node cannot be run; install Node 20 or newer")]
    Node(#[source] io::Error),
    /// A script failed.
    #[error("{script}: {reason}")]
    Failed {
        /// The script.
        script: &'static str,
        /// What it wrote last.
        reason: String,
    },
    /// The chain refused.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}
