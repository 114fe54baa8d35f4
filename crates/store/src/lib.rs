//! What survives a crash: one database, and a folder of files per poll.
//!
//! - `open`        the database file and its migrations
//! - `ledger`      what the chain recorded; a cache
//! - `intents`     signed transactions; the only rows here that cannot be made again
//! - `artifacts`   proofs and other results that took long to make; a cache
//! - `files`       per-poll files in the shape other tools read, written whole or not at all
//!
//! No SQL is written anywhere else. Everything that belongs together is written in one
//! transaction, and none is held open while somebody waits for a network. It keeps to SQL that
//! SQLite and PostgreSQL both understand.

mod artifacts;
mod columns;
mod error;
mod files;
mod intents;
mod ledger;
mod open;

pub use artifacts::ArtifactKey;
pub use error::{Remedy, StoreError};
pub use files::{FileError, PollFolder};
pub use intents::{Attempt, BeginIntent, Begun, IntentState, StoredIntent};
pub use ledger::LedgerOf;
pub use open::Store;
