//! Files beside the database: written whole or not at all, readable by their owner alone.
//!
//! - `atomic`       the one way a file is written
//! - `polls`        a folder per poll, for files other tools read
//! - `deployments`  `deployed-contracts.json`

mod atomic;
mod deployments;
mod polls;

pub use deployments::Deployments;
pub use polls::PollFolder;

pub(crate) use atomic::make_folder;
