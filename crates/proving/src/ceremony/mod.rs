//! Proving keys that no single party could have made: what a ceremony starts from, and what it ends
//! with.
//!
//! A ceremony has two phases. The first, powers of tau, is the same for all circuits; its file is
//! taken as given. The second starts from the one key that follows from that file and a circuit
//! ([`initial_key`]); each party multiplies its δ with a secret; anybody can check the whole chain
//! afterwards ([`verify_key`]). Files are those of snarkjs, both ways.
//!
//! - `initial`      the key before anybody contributed
//! - `verify`       whether a contributed key is that key with another δ
//! - `chain`        whether each party knew the secret it multiplied δ with
//! - `powers`       whether a powers-of-tau file is what it says
//! - `query`        a key's points as sums of Lagrange bases
//! - `combine`      random combinations of many points, which differ when any point does
//! - `transcript`   what ceremonies hash, and points drawn from hashes
//! - `overrun`      a point that snarkjs hashes and that is none
//! - `bundle`       a folder with everything that parties need
mod bundle;
mod chain;
mod combine;
mod error;
mod initial;
mod overrun;
mod powers;
mod query;
mod transcript;
mod verify;

pub use bundle::{Bundle, BundleError, Bundled};
pub use chain::{ChainFault, Contributed};
pub use error::CeremonyError;
pub use initial::{CircuitHash, initial_key};
pub use verify::{VerifiedKey, verify_key};
