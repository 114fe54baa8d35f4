//! Sources of deployed contracts, shown to explorers, which compile them again and compare.
//!
//! - `submission`   what is handed in
//! - `explorer`     who it is handed to: Sourcify's API or Etherscan's
//! - `verify`       every recorded contract of a chain
mod explorer;
mod submission;
mod verify;

pub use explorer::{Explorer, ExplorerError, Verdict};
pub use submission::Submission;
pub use verify::{Shown, verify_sources};
