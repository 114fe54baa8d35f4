//! Signed transactions: written down before they are broadcast, and never forgotten.
//!
//! - `intent`  an intent, its attempts and how it stands
//! - `read`    the newest of a purpose, the live ones of a sender
//! - `write`   beginning, adding to, settling
//! - `list`    all of them, for people
//! - `spent`   what a sender's transactions have cost
//!
//! A live intent is the lease on its nonce: there are no leases without signed bytes, so a crash
//! leaves no hole among a sender's nonces.

mod intent;
mod list;
mod read;
mod spent;
mod write;

pub use intent::{Begun, Intent, IntentFilter, IntentKey, IntentRow, IntentState, Paid, SignedBytes};

use super::Db;

/// The record of signed transactions. What it was given it keeps through any crash; of each
/// sender's nonce, and of each purpose, it lets one intent be live at a time.
#[derive(Debug, Clone)]
pub struct Intents {
    db: Db,
}

impl Intents {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}
