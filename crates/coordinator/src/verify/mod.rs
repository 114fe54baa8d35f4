//! A result against the chain: what anybody can check, with no key and no trust in whoever made the file.
//!
//! - `check`    the file against the poll's contracts
//! - `report`   what was checked, and what did not hold

mod check;
mod report;

pub use check::{VerifyError, verify};
pub use report::{Finding, Report};
