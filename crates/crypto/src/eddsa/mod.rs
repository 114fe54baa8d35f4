//! EdDSA over Baby Jubjub with Poseidon (protocol sections 5 and 28.3).
//!
//! - `sign`   signatures by a private key
//! - `verify`   the library's verification
//! - `verdict`   what the circuits of each generation say, which differs on unusual keys and signatures

mod sign;
mod verdict;
mod verify;

pub use sign::sign;
pub use verdict::circuit_verdict;
pub use verify::verify;

use crate::Fr;
use crate::curve::Point;
use crate::poseidon::hash5;

/// A signature as it travels: nothing about it has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The nonce's multiple of the generator.
    pub r8: Point,
    /// The response. Honest ones are below the subgroup's order.
    pub s: Fr,
}

/// `H5(R8.x, R8.y, A.x, A.y, m)`.
fn challenge(r8: &Point, public_key: &Point, message: Fr) -> Fr {
    hash5(&[r8.x, r8.y, public_key.x, public_key.y, message])
}
