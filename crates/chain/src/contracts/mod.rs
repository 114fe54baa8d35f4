//! Bindings to the official MACI v3 contracts, written from the protocol's own tables.
//!
//! Only what a coordinator or a voter calls is bound. The identifiers of everything here are
//! compared with the published ones in `tests/abi.rs`.
//!
//! - `maci`        the contract of sign-ups and polls, in both generations
//! - `poll`        one poll: joins, messages, merging
//! - `finalising`  MessageProcessor and Tally
//! - `keys`        VerifyingKeysRegistry and Verifier
//! - `factories`   everything that deploys clones: policies, checkers, voice-credit proxies
//! - `policies`    what guards a sign-up or a join
//! - `errors`      every error any of them can revert with
//! - `generation`  which of the two releases a MACI contract is
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::too_many_arguments,
    reason = "the items are generated from Solidity, whose own documentation is protocol.md"
)]

pub mod errors;
pub mod factories;
pub mod finalising;
mod generation;
pub mod keys;
pub mod maci;
pub mod policies;
pub mod poll;

pub use generation::Generation;
