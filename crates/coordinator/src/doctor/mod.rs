//! Looks for what would keep the coordinator from its work, and says what to do about it.
//!
//! It changes nothing and needs no key opened. Start reading at [`Examination`].
//!
//! - `finding`      one thing that was looked at
//! - `examination`  what is looked at, and by what means
//! - `chains`       endpoints: reachable, of the right chain, up to date, and the sender's funds there
//! - `machine`      disk, memory, processor
//! - `circuits`     the files of circuits, and whether there is memory for them
//! - `polls`        watched polls: their keys on chain against those that are here

mod chains;
mod circuits;
mod examination;
mod finding;
mod machine;
mod polls;

pub use examination::{Examination, Reach};
pub use finding::{Diagnosis, Finding, Verdict};
