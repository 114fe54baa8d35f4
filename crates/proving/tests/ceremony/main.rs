//! Ceremonies with snarkjs on the other side: it goes on from our keys, and we check its.
//!
//! - `stage`          powers of tau and keys that snarkjs made, once for all tests
//! - `initial`        the key that a ceremony starts from
//! - `accepted`       keys that a ceremony ended with
//! - `points`         a single point that is not what it should be
//! - `bundle`         the folder that parties are given
//! - `foreign`        files that do not belong together
//! - `contributions`  proofs that parties did not give
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod accepted;
mod bundle;
mod contributions;
mod foreign;
mod initial;
mod points;
mod stage;
