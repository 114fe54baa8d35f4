//! The numbers of MACI: field, Baby Jubjub, Poseidon, keys, signatures, shared keys, trees.
//!
//! Pure: no clock, file, network or random source; seeds are arguments. What it is *not*: a general library for
//! these primitives, and not constant-time. Multiplications by secrets take data-dependent time; the coordinator runs
//! them on its own machine, where an attacker able to time single multiplications could read its memory as well.
//!
//! Where upstream's library and circuits disagree, both answers are here under different names: [`ecdh::shared_key`]
//! and [`eddsa::verify`] are the library's, [`ecdh::circuit_shared_key`] and [`eddsa::circuit_verdict`] the circuits'.
//!
//! Start reading at [`curve::Point`] and [`poseidon`]; then [`keys`], [`ecdh`], [`cipher`], [`eddsa`]; then [`trees`].
//! [`ladder`] is the circuits' multiplication on pairs that are not on the curve, and [`adversarial`] makes such pairs.

pub mod adversarial;
pub mod blake512;
pub mod cipher;
pub mod constants;
pub mod curve;
pub mod ecdh;
pub mod eddsa;
pub mod field;
pub mod keys;
pub mod ladder;
pub mod poseidon;
pub mod rules;
pub mod trees;

pub use rules::Rules;

pub use ark_bn254::{Fq, Fr};
