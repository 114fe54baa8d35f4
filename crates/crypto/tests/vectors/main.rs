//! The vectors folder against this crate. `MACI_VECTORS=<folder>` points at another folder of the same shape.

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
