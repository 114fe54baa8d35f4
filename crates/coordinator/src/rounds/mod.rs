//! Polls that finish themselves: each watched poll is looked at, warned about while it is open, and brought to its result
//! when its time has come.
//!
//! - `warning`   what an operator should know before the end
mod warning;

pub use warning::{DryRun, Warning};
