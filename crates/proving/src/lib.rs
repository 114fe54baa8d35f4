//! From a circuit and its inputs to a proof that a verifier contract accepts.
//!
//! - [`compile`]   circom sources to r1cs and wasm
//! - [`formats`]   r1cs, wtns, zkey and JSON files of circom and snarkjs
//! - [`witness`]   circom's witness calculators, in wasmtime or native
//!
//! It is *not* the circuits (those are circom sources in `circuits/`), and knows nothing about
//! polls: it is given a circuit's name and its input signals.
pub mod compile;
pub mod formats;
pub mod witness;
