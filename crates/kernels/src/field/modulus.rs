//! The two primes of BN254.

use ark_bn254::{FqConfig, FrConfig};
use ark_ff::MontConfig;

use super::Limbs;

/// A prime of 254 bits, chosen at compile time.
pub(crate) trait Modulus: Copy + Send + Sync + 'static {
    /// The prime itself.
    const P: Limbs;
    /// `-P⁻¹ mod 2^64`.
    const NEG_INV: u64;
}

/// The field of the curve's coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base;

/// The field of scalars, witnesses and polynomials.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar;

impl Modulus for Base {
    const P: Limbs = <FqConfig as MontConfig<4>>::MODULUS.0;
    const NEG_INV: u64 = <FqConfig as MontConfig<4>>::INV;
}

impl Modulus for Scalar {
    const P: Limbs = <FrConfig as MontConfig<4>>::MODULUS.0;
    const NEG_INV: u64 = <FrConfig as MontConfig<4>>::INV;
}

/// `2^exponent mod p`, at compile time.
pub(crate) const fn power_of_two<M: Modulus>(exponent: usize) -> Limbs {
    let mut x = [1, 0, 0, 0];
    let mut done = 0;
    while done < exponent {
        // x < p < 2^254, so doubling stays within four limbs.
        let doubled = [
            x[0] << 1,
            (x[1] << 1) | (x[0] >> 63),
            (x[2] << 1) | (x[1] >> 63),
            (x[3] << 1) | (x[2] >> 63),
        ];
        let (less, borrow) = subtract(doubled, M::P);
        x = if borrow { doubled } else { less };
        done += 1;
    }
    x
}

/// `a - b` modulo `2^256`, and whether it went below zero.
pub(crate) const fn subtract(a: Limbs, b: Limbs) -> (Limbs, bool) {
    let mut out = [0; 4];
    let mut borrow = false;
    let mut i = 0;
    while i < 4 {
        let (x, first) = a[i].overflowing_sub(b[i]);
        let (x, second) = x.overflowing_sub(borrow as u64);
        out[i] = x;
        borrow = first | second;
        i += 1;
    }
    (out, borrow)
}

/// `k·p`, which must fit 256 bits.
pub(crate) const fn multiple<M: Modulus>(k: u64) -> Limbs {
    let mut out = [0; 4];
    let mut carry = 0u128;
    let mut i = 0;
    while i < 4 {
        let t = M::P[i] as u128 * k as u128 + carry;
        out[i] = t as u64;
        carry = t >> 64;
        i += 1;
    }
    assert!(carry == 0, "the multiple does not fit");
    out
}
