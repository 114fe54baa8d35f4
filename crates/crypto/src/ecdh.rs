//! Shared keys (protocol section 4): a multiple of the other party's public key, both coordinates used.

use crate::Fr;
use crate::curve::Point;
use crate::keys::SecretScalar;
use crate::ladder::{self, NoWitness};
use crate::rules::Rules;
use ark_ff::PrimeField;

/// Bits of the scalar that the circuits multiply by.
const SCALAR_BITS: usize = 253;

/// The shared key as the library computes it, for pairs on the curve and off it alike.
#[must_use]
pub fn shared_key(scalar: &SecretScalar, public_key: &Point) -> Point {
    public_key.mul_scalar(&scalar.expose())
}

/// The shared key that the circuits under `rules` compute for any pair.
///
/// `scalar` is the coordinator's secret scalar, below the subgroup's order.
///
/// # Errors
/// When a circuit under these rules has no witness for the pair (protocol sections 28.4 and 28.5). Never under
/// [`Rules::Hardened`].
pub fn circuit_shared_key(rules: Rules, scalar: &SecretScalar, public_key: &Point) -> Result<Point, NoWitness> {
    let degenerate = |point: &Point| point.mul_by_cofactor().x == Fr::from(0u8);
    match rules {
        Rules::Hardened if !public_key.is_on_curve() || degenerate(public_key) => Ok(Point::IDENTITY),
        Rules::September | Rules::Release | Rules::Hardened => {
            ladder::multiply(&scalar.expose().into_bigint(), SCALAR_BITS, public_key)
        }
    }
}
