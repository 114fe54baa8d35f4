//! Why there is no key to start from, or why a key is not accepted.

use super::chain::ChainFault;
use super::initial::CircuitHash;
use crate::formats::FormatError;
use crate::setup::NoRandomness;

/// What differs, with its place. Nothing here is worth retrying: a file has to be replaced.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// A file is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// There are no random numbers to check with.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The circuit needs more powers than the file has.
    #[error("{file} has powers of tau for a domain of 2^{power}, the circuit needs 2^{needed}: take a larger file")]
    TooFewPowers {
        /// The powers-of-tau file.
        file: String,
        /// What it serves.
        power: u32,
        /// What the circuit needs.
        needed: u32,
    },
    /// The circuit is too large for the field.
    #[error("the circuit needs a domain of {domain} rows, more than BN254's scalar field allows (2^27)")]
    TooLarge {
        /// Its domain.
        domain: u64,
    },
    /// The file has powers only.
    #[error("{file} has no Lagrange bases: run `snarkjs powersoftau prepare phase2` on it")]
    NotPrepared {
        /// The powers-of-tau file.
        file: String,
    },
    /// The file's points are not powers of one number.
    #[error("{file} is no sound powers-of-tau file: {what}")]
    UnsoundPowers {
        /// The powers-of-tau file.
        file: String,
        /// Which points contradict each other.
        what: &'static str,
    },
    /// The key has other counts than the circuit.
    #[error("the key is of another circuit: it has {found} {what}, the circuit {expected}")]
    OtherCircuit {
        /// What is counted.
        what: &'static str,
        /// The circuit's count.
        expected: u64,
        /// The key's count.
        found: u64,
    },
    /// The key was made for other constraints of the same size.
    #[error("the key is of another circuit: entry {entry} of its coefficients differs from the circuit's")]
    OtherConstraint {
        /// The first entry that differs, from 0.
        entry: u32,
    },
    /// The key was made from another powers-of-tau file.
    #[error("{what} of the key is not that of {file}: the key was made from other powers of tau")]
    OtherPowers {
        /// Which point.
        what: &'static str,
        /// The powers-of-tau file.
        file: String,
    },
    /// A point is not what circuit and powers of tau give.
    #[error("point {index} of the key's {section} is not what the circuit and the powers of tau give")]
    OtherPoint {
        /// The section.
        section: &'static str,
        /// The first point that differs, from 0.
        index: usize,
    },
    /// γ, which every key has in common.
    #[error("gamma of the key is not the generator of G2")]
    OtherGamma,
    /// The key says it is of another circuit than it is.
    #[error("the key's ceremony was about a circuit with hash {found}, this circuit has {expected}")]
    OtherCircuitHash {
        /// This circuit's.
        expected: CircuitHash,
        /// The key's.
        found: CircuitHash,
    },
    /// A contribution does not hold.
    #[error("contribution {number}{}: {source}", name.as_deref().map(|name| format!(" ({})", name.escape_debug())).unwrap_or_default())]
    Contribution {
        /// Which one, from 1.
        number: usize,
        /// The party's name, as it gave it.
        name: Option<String>,
        /// What is wrong.
        #[source]
        source: ChainFault,
    },
    /// The key's δ is not the last contribution's.
    #[error("delta of the key in {group} is not that of its last contribution")]
    OtherDelta {
        /// The group.
        group: &'static str,
    },
    /// Nobody contributed.
    #[error("nobody has contributed to the key: its delta is known to everybody, who could forge proofs")]
    NoContribution,
}
