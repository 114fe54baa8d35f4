//! Work that outlives the process that began it.
//!
//! A job is a row in the store. Whoever runs it may die at any line; the next process takes it up again. Asking for the
//! same thing twice joins the job that is at it.
//!
//! - `id`        which job
//! - `kind`      what jobs there are, and where one stands
//! - `work`      what exactly is to be done, as it is written down
//! - `failure`   why one failed, and who acts then
//! - `figures`   what is counted of what jobs tell
//! - `backoff`   when a failed attempt is repeated
//! - `runner`    claims jobs, runs them, and settles what came of them
//! - `told`      what a job tells while it runs
mod backoff;
mod failure;
mod figures;
mod id;
mod kind;
mod runner;
mod told;
mod work;

pub use failure::{Advice, JobFailure};
pub use id::{JobId, NotAJobId};
pub use kind::{JobKind, JobState, UnknownWord};
pub(crate) use runner::{Perform, Runner, Running, failure_of};
pub(crate) use told::{Told, decimals};
pub(crate) use work::Work;
