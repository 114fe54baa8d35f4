//! The tables, a file per group.
//!
//! - `ledger`   what the chain recorded about a poll; can be fetched again
//! - `intents`  what was signed; cannot be made again
//! - `column`   values as columns hold them

mod column;
mod intents;
mod ledger;

pub use intents::{Begun, Intent, IntentKey, IntentState, Intents, SignedBytes};
pub use ledger::{Appended, Ledger, LedgerState};

/// How a transaction that will write begins: it queues for the writers' place at once, so that it
/// cannot fail half way because another writer was faster.
const WRITING: &str = "BEGIN IMMEDIATE";
