//! The store as its callers use it, on a real disk.

mod crashes;
mod files;
mod intents;
mod ledger;
mod sample;
