//! The store as its callers use it, on a real disk.

#![expect(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod audit;
mod bench;
mod buckets;
mod crashes;
mod engines;
mod events;
mod files;
mod idempotency;
mod intents;
mod jobs;
mod ledger;
mod polls;
mod sample;
mod schedules;
mod sessions;
