//! The store as its callers use it, on a real disk.

#![expect(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod crashes;
mod files;
mod intents;
mod ledger;
mod sample;
