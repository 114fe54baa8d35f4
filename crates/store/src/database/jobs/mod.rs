//! What is to be done, is being done, and was done.
//!
//! - `row`     a job as it is stored
//! - `begin`   new jobs, joined when the same one is already under way
//! - `claim`   a job and its runner: claimed by one, ended by that one
//! - `read`    lists
//! - `runner`  who claims jobs, and whether a claimant still lives
//!
//! A job is claimed by a runner that holds a lock for as long as it lives, so that nobody has to guess from clocks
//! whether it died: whoever can take the lock knows.

mod begin;
mod claim;
mod read;
mod row;
mod runner;

pub use begin::{BegunJob, Cancelled, NewJob};
pub use read::JobFilter;
pub use row::{JobRow, JobState};

pub(crate) use runner::Runner;

use std::sync::Arc;

use super::Db;

/// The turn in which jobs change hands.
const TURN: &str = "jobs";

/// The jobs.
#[derive(Debug, Clone)]
pub struct Jobs {
    db: Db,
    runner: Arc<Runner>,
}

impl Jobs {
    pub(crate) fn new(db: Db, runner: Arc<Runner>) -> Self {
        Self { db, runner }
    }
}
