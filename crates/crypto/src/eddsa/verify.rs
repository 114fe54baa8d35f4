//! The library's verification.

use super::{Signature, challenge};
use crate::Fr;
use crate::curve::{Fl, Point, is_base8_multiple_of_sum};
use ark_ff::PrimeField;

/// Whether upstream's off-chain code accepts the signature: both points on the curve, `S < l`, and
/// `S·BASE8 = R8 + 8·(e·A)`.
///
/// The circuits decide otherwise on some keys and signatures; processing follows [`super::circuit_verdict`].
#[must_use]
pub fn verify(public_key: &Point, message: Fr, signature: &Signature) -> bool {
    let Signature { r8, s } = signature;
    if !r8.is_on_curve() || !public_key.is_on_curve() || s.into_bigint() >= Fl::MODULUS {
        return false;
    }
    let e = challenge(r8, public_key, message).into_bigint();
    // 8·(e·A) = e·(8·A) on the curve.
    is_base8_multiple_of_sum(&s.into_bigint(), r8, &e, &public_key.mul_by_cofactor())
}
