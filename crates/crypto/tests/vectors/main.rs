//! The vectors folder against this crate. `MACI_VECTORS=<folder>` points at another folder of the same shape.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a vector file of another shape fails the test"
)]

mod circuit_divergence;
mod ecdh;
mod eddsa;
mod hashing;
mod keys;
mod leaves_and_ballots;
mod poll_joining;
mod poseidon_cipher;
mod source;
mod trees;
