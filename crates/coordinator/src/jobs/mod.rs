//! Work that outlives the process that began it.
//!
//! A job is a row in the store. Whoever runs it may die at any line; the next process takes it up again. Asking for the
//! same thing twice joins the job that is at it.
//!
//! - `id`        which job
//! - `kind`      what jobs there are, and where one stands
//! - `failure`   why one failed, and who acts then
mod failure;
mod id;
mod kind;

pub use failure::{Advice, JobFailure};
pub use id::{JobId, NotAJobId};
pub use kind::{JobKind, JobState, UnknownWord};
