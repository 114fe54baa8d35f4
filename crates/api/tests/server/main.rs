//! The listener as clients meet it, over real sockets.
//!
//! - `venue`     a server with a small router, and what a client does to it
//! - `https`     certificates, their reload, both versions of HTTP
//! - `acme`      certificates that are asked for
//! - `stalling`  clients that are slow, silent or too many
//! - `stopping`  what a stop does to requests under way
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod acme;
mod https;
mod stalling;
mod stopping;
mod venue;
