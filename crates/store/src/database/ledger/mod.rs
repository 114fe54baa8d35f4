//! A poll's logs in the order of the chain, and how far they were read.
//!
//! - `append`  adds a stretch of blocks, whole or not at all
//! - `read`    the cursor, the stamps and the logs
//! - `row`     a log as a row
//! - `unwind`  forgets what the chain has replaced

mod append;
mod read;
mod row;
mod unwind;

pub use append::Appended;
pub use read::LedgerState;

use super::Db;

/// What chains recorded about polls: a copy, which can be dropped and fetched again.
#[derive(Debug, Clone)]
pub struct Ledger {
    db: Db,
}

/// The turn in which one poll's ledger is written.
fn turn(poll: &str) -> String {
    format!("ledger/{poll}")
}

impl Ledger {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}
