//! Arithmetic on single elements in Montgomery form with radix `2^256`.
//!
//! `p < 2^254`, so a product of two values below `2p` comes out below `2p` without a last subtraction.
//! Functions take and give values below `2p` unless they say otherwise.

use super::Limbs;
use super::modulus::{Modulus, multiple, subtract};

/// `x + y·z + carry` as low and high word.
#[inline(always)]
pub(crate) const fn multiply_add(x: u64, y: u64, z: u64, carry: u64) -> (u64, u64) {
    let t = x as u128 + y as u128 * z as u128 + carry as u128;
    (t as u64, (t >> 64) as u64)
}

/// `a·b·2^-256`, below `2p` if `a·b < 4p²`.
#[inline(always)]
pub(crate) fn product<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
    let mut t = [0u64; 4];
    for &digit in b {
        let (low, mut carry) = multiply_add(t[0], a[0], digit, 0);
        let m = low.wrapping_mul(M::NEG_INV);
        let (_, mut reduced) = multiply_add(low, m, M::P[0], 0);
        for j in 1..4 {
            let (sum, high) = multiply_add(t[j], a[j], digit, carry);
            carry = high;
            let (sum, high) = multiply_add(sum, m, M::P[j], reduced);
            reduced = high;
            t[j - 1] = sum;
        }
        // No overflow: the running sum stays below 2^256 because the top limb of p has two spare bits.
        t[3] = carry + reduced;
    }
    t
}

/// `a + b`.
#[inline(always)]
pub(crate) fn sum<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
    let mut out = [0; 4];
    let mut carry = false;
    for i in 0..4 {
        let (x, first) = a[i].overflowing_add(b[i]);
        let (x, second) = x.overflowing_add(u64::from(carry));
        out[i] = x;
        carry = first | second;
    }
    let (less, borrow) = subtract(out, const { multiple::<M>(2) });
    if borrow { out } else { less }
}

/// `a - b`.
#[inline(always)]
pub(crate) fn difference<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
    let (mut out, borrow) = subtract(*a, *b);
    let mask = 0u64.wrapping_sub(u64::from(borrow));
    let twice = const { multiple::<M>(2) };
    let mut carry = false;
    for i in 0..4 {
        let (x, first) = out[i].overflowing_add(twice[i] & mask);
        let (x, second) = x.overflowing_add(u64::from(carry));
        out[i] = x;
        carry = first | second;
    }
    out
}

/// The representative below `p` of any 256-bit value.
#[inline(always)]
pub(crate) fn canonical<M: Modulus>(a: &Limbs) -> Limbs {
    let mut out = *a;
    loop {
        let (less, borrow) = subtract(out, M::P);
        if borrow {
            return out;
        }
        out = less;
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::{Fq, Fr};
    use ark_ff::{AdditiveGroup, BigInt, Field, UniformRand};
    use rand::SeedableRng;

    use super::*;
    use crate::field::modulus::{Base, Scalar};

    fn fq(limbs: Limbs) -> Fq {
        Fq::new_unchecked(BigInt(limbs))
    }

    #[test]
    fn products_sums_and_differences_equal_arkworks() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let mut values: Vec<Fq> = (0..40).map(|_| Fq::rand(&mut rng)).collect();
        values.extend([Fq::ZERO, Fq::ONE, -Fq::ONE]);
        for a in &values {
            for b in &values {
                let (x, y) = (a.0.0, b.0.0);
                assert_eq!(fq(canonical::<Base>(&product::<Base>(&x, &y))), *a * b);
                assert_eq!(fq(canonical::<Base>(&sum::<Base>(&x, &y))), *a + b);
                assert_eq!(fq(canonical::<Base>(&difference::<Base>(&x, &y))), *a - b);
            }
        }
    }

    #[test]
    fn values_just_below_twice_the_prime_do_not_overflow() {
        let largest = subtract(multiple::<Scalar>(2), [1, 0, 0, 0]).0;
        let minus_one = Fr::new_unchecked(BigInt(canonical::<Scalar>(&largest)));
        let square = product::<Scalar>(&largest, &largest);
        assert!(subtract(square, multiple::<Scalar>(2)).1, "the product is below 2p");
        assert_eq!(
            Fr::new_unchecked(BigInt(canonical::<Scalar>(&square))),
            minus_one * minus_one
        );
    }
}
