//! Files beside the database: written whole or not at all, readable by their owner alone.
//!
//! - `atomic`       the one way a file is written
//! - `artifacts`    proofs and other things that can be made again, checked when read
//! - `polls`        a folder per poll, for files other tools read
//! - `lock`         one worker per poll
//! - `deployments`  `deployed-contracts.json`

mod artifacts;
mod atomic;
mod deployments;
mod lock;
mod polls;

pub use artifacts::{ArtifactKey, Artifacts, Found};
pub use deployments::Deployments;
pub use lock::PollLock;
pub use polls::PollFolder;

pub(crate) use atomic::make_folder;
