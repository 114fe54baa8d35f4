//! Content that stays: pinned by others who check what they get, read from others who are not believed, and the same for
//! somebody else's IPFS.
//!
//! - `others`     a Kubo node, a pinning service and gateways, as they check and as they fail
//! - `pinning`    everything published comes to everybody who is to keep it
//! - `dying`      also when the process dies between asking and noting
//! - `fetching`   whoever delivers, only the right bytes are taken
//! - `helia`      another implementation comes to the same identifiers
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod dying;
mod fetching;
mod helia;
mod others;
mod pinning;
