//! The store as its callers use it, on a real disk.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod audit;
mod bench;
mod buckets;
mod content;
mod crashes;
mod delegations;
mod deployments;
mod engines;
mod events;
mod files;
mod idempotency;
mod intents;
mod jobs;
mod ledger;
mod operations;
mod polls;
mod relay;
mod sample;
mod schedules;
mod sessions;
