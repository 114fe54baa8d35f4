//! The vectors folder against this crate. `MACI_VECTORS=<folder>` points at another folder of the same shape.

mod ecdh;
mod eddsa;
mod hashing;
mod keys;
mod poseidon_cipher;
mod source;
