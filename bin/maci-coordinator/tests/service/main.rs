//! The service as its operators and clients meet it: our binary, a real chain, official clients, HTTP.
//!
//! - `process`      the service as a process: started, asked, killed
//! - `venue`        a chain with MACI and polls on it, deployed through the API, and voters in them
//! - `documented`   the TypeScript service's calls get its answers
//! - `published`    what stays of a round is enough to check all of it
//! - `exchanged`    the same over Bitswap, in builds that have it
//! - `itself`       rounds that finish themselves, through a restart
//! - `running`      start, probes, figures, stop
//! - `buckets`      proofs kept in a bucket
//! - `encrypted`    HTTPS, certificates changed under way
//! - `warnings`     what operators are told while a poll is open
//! - `crashes`      killed at random over a failing network
//! - `relayed`      votes without gas: whole rounds, deaths, refusals and floods
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod buckets;
mod crashes;
mod documented;
mod encrypted;
#[cfg(feature = "bitswap")]
mod exchanged;
mod itself;
mod process;
mod published;
mod relayed;
mod running;
mod venue;
mod warnings;
