//! From a witness to a proof that has been checked.
//!
//! - `backend`    which prover does the work, behind one trait
//! - `arkworks`   taceo-groth16 on arkworks
//! - `kernels`    our own kernels
//! - `blinding`   the proof's random numbers, derived from the witness
//! - `verify`     the only way to a proof that others may see
//! - `many`       the same for many proofs at once
//! - `memory`     how much memory a proof will take
//! - `points`     arkworks's points as the protocol's coordinates and back
mod arkworks;
mod backend;
mod blinding;
mod kernels;
mod many;
mod memory;
mod points;
mod verify;

pub use backend::{Backend, BackendError, LoadError, Prove, UnknownBackend};
pub use blinding::Blinding;
pub use many::Claim;
pub use memory::MemoryNeed;
pub(crate) use points::{key_bytes, verifying_key_of};
pub use verify::{CheckError, ProofRejected, UnusableKey, VerifiedProof, Verifier};
