//! A result against the chain: what anybody can check, with no key and no trust in whoever made the file.
//!
//! - `check`    a tally file against the poll's contracts
//! - `round`    a whole round against the chain, from what was published of it
//! - `report`   what was checked, and what did not hold

mod check;
mod report;
mod round;

pub use check::{VerifyError, verify};
pub use report::{Finding, Report};
pub use round::{Evidence, EvidenceError, verify_round};
