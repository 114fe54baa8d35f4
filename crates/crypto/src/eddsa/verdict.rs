//! The circuits' verdict on a signature.

use super::{Signature, challenge};
use crate::Fr;
use crate::curve::{Fl, Point, is_base8_multiple_of_sum, mul_base8};
use crate::ladder::{self, NoWitness};
use crate::rules::Rules;
use ark_ff::{AdditiveGroup, BigInt, PrimeField};

/// Bits of the challenge that the circuits multiply by.
const CHALLENGE_BITS: usize = 254;

/// Whether the circuits under `rules` take the signature of `message` under the state key `public_key` for valid.
///
/// Differences from [`super::verify`]: a key whose eightfold (in September: which itself) has x = 0 never verifies;
/// the range check on S ignores bit 253, so one more value of S is accepted; September's circuits look at no curve
/// equation at all.
///
/// # Errors
/// When a circuit under these rules has no witness, whatever the verdict would have been. Never under
/// [`Rules::Hardened`].
pub fn circuit_verdict(
    rules: Rules,
    public_key: &Point,
    message: Fr,
    signature: &Signature,
) -> Result<bool, NoWitness> {
    let Signature { r8, s } = signature;
    let eightfold = public_key.mul_by_cofactor();
    let points_on_curve = public_key.is_on_curve() && r8.is_on_curve();
    let key_accepted = match rules {
        Rules::September => public_key.x != Fr::ZERO,
        Rules::Release | Rules::Hardened => points_on_curve && eightfold.x != Fr::ZERO,
    };
    let s = s.into_bigint();
    let accepted = key_accepted && is_response_in_range(&s);
    let challenge = || challenge(r8, public_key, message).into_bigint();

    if points_on_curve {
        // The eightfold lies in the subgroup: if its x is 0 it is neutral, otherwise multiplication is ordinary.
        return Ok(accepted && is_base8_multiple_of_sum(&s, r8, &challenge(), &eightfold));
    }
    match rules {
        Rules::Hardened => Ok(false),
        Rules::September | Rules::Release => {
            let product = ladder::multiply(&challenge(), CHALLENGE_BITS, &eightfold)?;
            let sum = ladder::add(r8, &product)?;
            Ok(accepted && sum == mul_base8(&s))
        }
    }
}

/// The circuits' range check: `(S mod 2^253) ≤ l − 1`.
fn is_response_in_range(s: &BigInt<4>) -> bool {
    let mut low = *s;
    low.0[3] &= (1 << 61) - 1;
    low < Fl::MODULUS
}
