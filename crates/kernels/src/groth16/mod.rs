//! The Groth16 prover, in snarkjs's convention.
//!
//! - `source`  where a proving key comes from: implement [`KeySource`] for a zkey reader
//! - `key`     [`ProvingKey`], the flat form that proofs are made from
//! - `rows`    the sparse constraint matrices
//! - `blinding` the random part of a proof
//! - `prove`   [`prove`]
//!
//! ```text
//! KeySource ─→ ProvingKey::build ─→ prove(&key, &witness, &blinding) ─→ Proof
//! ```

mod blinding;
mod key;
mod prove;
mod rows;
mod source;

#[cfg(test)]
mod tests;

pub use blinding::Blinding;
pub use key::{KeyError, ProvingKey};
pub use prove::{Proof, ProveError, prove};
pub use source::{Coefficient, KeyHeader, KeySource, Matrix};
