//! From a circuit and its inputs to a proof that a verifier contract accepts.
//!
//! - [`Prover`]      witness, proof and check of one circuit: start here
//! - [`artifacts`]   a circuit's files in the official layout, ours or upstream's
//! - [`ceremony`]  production keys: what a ceremony starts from, and whether to trust what it ends with
//! - [`compile`]     circom sources to r1cs and wasm
//! - [`formats`]     r1cs, wtns, zkey and JSON files of circom and snarkjs
//! - [`prove`]       Groth16 proofs, each checked before anybody sees it
//! - [`setup`]       development proving keys
//! - [`witness`]     circom's witness calculators, in wasmtime or native
//!
//! It is *not* the circuits (those are circom sources in `circuits/`), and knows nothing about
//! polls: it is given a circuit's name and its input signals. It starts no threads of its own and
//! has no runtime: heavy work runs in the rayon pool of the caller.
pub mod artifacts;
pub mod ceremony;
pub mod compile;
pub mod formats;
mod lock;
pub mod prove;
mod prover;
pub mod setup;
pub mod witness;

pub use artifacts::CircuitArtifacts;
pub use maci_protocol::Remedy;
pub use prove::{Backend, MemoryNeed, VerifiedProof};
pub use prover::{ProveError, Prover};
