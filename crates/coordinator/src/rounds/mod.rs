//! Polls that finish themselves: each watched poll is looked at, warned about while it is open, and brought to its result
//! when its time has come.
//!
//! - `looks`      the newest look at every poll, shared by all who ask
//! - `check`      a dry run: would the poll come to a result if it ended now?
//! - `warning`    what an operator should know before the end
//! - `round`      one watched poll, from its opening to its checked result
//! - `watching`   all of them
mod check;
mod looks;
mod round;
mod warning;
mod watching;

pub(crate) use check::{capacity, check};
pub(crate) use looks::{Look, Looks};
pub use warning::{DryRun, Warning};
pub(crate) use watching::{Rounds, Shown};
