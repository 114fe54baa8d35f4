//! Our side of the chain against the official contracts on a real one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod deploying;
mod failing;
mod interleaving;
mod policies;
mod pricing;
mod reading;
mod refusing;
mod relaying;
mod reusing;
mod sending;
mod stage;
mod thousand;
