//! Groth16 proofs and verifying keys over BN254 as plain data: coordinates, snarkjs's JSON and
//! the contracts' form. Whether a point is on its curve is for whoever computes with it.
//!
//! - `coordinate`      field elements as decimal text
//! - `point`           G1 and G2
//! - `proof`           a proof
//! - `verifying_key`   a verifying key

mod coordinate;
mod point;
mod proof;
mod verifying_key;

pub use point::{G1, G2};
pub use proof::Proof;
pub use verifying_key::{SolidityG2, SolidityVerifyingKey, VerifyingKey};

/// A proof or key that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Groth16Error {
    /// Not the JSON that snarkjs writes.
    #[error("{what} is not snarkjs's JSON: {detail}")]
    NotSnarkjs {
        /// Proof or verifying key.
        what: &'static str,
        /// What the parser says.
        detail: String,
    },
    /// Made with another proof system.
    #[error("{what} is of protocol `{found}`, not groth16")]
    Protocol {
        /// Proof or verifying key.
        what: &'static str,
        /// The protocol it names.
        found: String,
    },
    /// Made on another curve.
    #[error("{what} is on curve `{found}`, not bn128")]
    Curve {
        /// Proof or verifying key.
        what: &'static str,
        /// The curve it names.
        found: String,
    },
    /// A coordinate that is not a decimal number below the base field's order.
    #[error("{field} holds a coordinate that is not a number of BN254's base field")]
    Coordinate {
        /// The JSON field.
        field: &'static str,
    },
    /// A point that is neither affine nor the point at infinity.
    #[error("{field} holds a point that is not in affine form")]
    NotAffine {
        /// The JSON field.
        field: &'static str,
    },
    /// `nPublic` and the number of `IC` points contradict each other.
    #[error("the verifying key has {ic} IC points for {public} public inputs, not one more")]
    IcLength {
        /// Points found.
        ic: usize,
        /// Public inputs announced.
        public: usize,
    },
}

#[cfg(test)]
mod tests;
