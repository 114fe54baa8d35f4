//! The result of a poll: sums over ballots, hidden in commitments until they are published.
//!
//! - `totals`        the sums themselves
//! - `commitments`   what the contracts hold of them
//! - `result`        a finished tally
//! - `publish`       the arguments with which results go on the chain

mod commitments;
mod publish;
mod result;
mod totals;

pub use commitments::{TallyCommitments, TallySalts};
pub use publish::{AddTallyResults, NoSuchOption};
pub use result::Tally;
pub use totals::TallyTotals;

#[cfg(test)]
mod tests;
