//! Files beside the database: written whole or not at all, readable by their owner alone.
//!
//! - `atomic`       the one way a file is written
//! - `backups`      relayed batches, for other tools
//! - `polls`        a folder per poll, for files other tools read
//! - `deployments`  `deployed-contracts.json`

mod atomic;
mod backups;
mod deployments;
mod polls;

pub use backups::BatchBackups;
pub use deployments::Deployments;
pub use polls::PollFolder;

pub(crate) use atomic::make_folder;
