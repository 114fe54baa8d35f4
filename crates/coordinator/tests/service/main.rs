//! The service on a real chain: official contracts, votes by the official client, clocks that the tests move.
//!
//! - `venue`      a chain behind a node that can be told to fail, a data folder, processes that can be killed
//! - `night`      a poll finishes itself, whatever happens in between
//! - `finalising`  a finaliser alone, with everybody around it at odds
//! - `by_hand`    the steps one by one, as the existing service's clients ask for them
//! - `timeline`   a whole round from one document
//! - `relaying`   votes without gas: taken or refused, brought on chain, counted
//! - `carrying`   what happens to them on their way
//! - `dying`      killed where they change hands
//! - `voters`     voters of the official clients
//! - `described`  a whole deployment from one document
//! - `deputy`     an account's owner, session keys, and a bundler
//! - `delegated`  a round by a session key and nothing else; what its owner takes back
//! - `operations` killed wherever an operation of a session key changes hands
//! - `crashes`    killed wherever jobs and schedules change hands
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod by_hand;
mod carrying;
mod crashes;
mod delegated;
mod deputy;
mod described;
mod dying;
mod finalising;
mod night;
mod operations;
mod relaying;
mod timeline;
mod venue;
mod voters;
