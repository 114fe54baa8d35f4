//! The modular inverse by the binary GCD with approximated operands.
//!
//! T. Pornin, "Optimized Binary GCD for Modular Inversion", 2020 (<https://eprint.iacr.org/2020/972>): 31 steps
//! at a time are decided on the top 33 and low 31 bits of both numbers and then applied to the whole ones.

use super::Limbs;
use super::limbs::{canonical, multiply_add, product};
use super::modulus::{Modulus, power_of_two};

/// Steps decided on one approximation.
const INNER: u32 = 31;
/// Rounds of [`INNER`] steps: `2·254 - 1` steps suffice for a prime of 254 bits.
const OUTER: usize = 17;
/// The exact algorithm divides by `2^31` a round; here each round divides the coefficients by a whole limb.
const SURPLUS: usize = OUTER * (64 - INNER as usize);

/// `x⁻¹·2^EXPONENT mod p` for `x` below `2p`; zero for zero.
pub(crate) fn inverse<M: Modulus, const EXPONENT: usize>(x: &Limbs) -> Limbs {
    let mut a = canonical::<M>(x);
    let mut b = M::P;
    let mut u: Limbs = [1, 0, 0, 0];
    let mut v: Limbs = [0; 4];
    for _ in 0..OUTER {
        let (f0, g0, f1, g1) = steps(&a, &b);
        let (next_a, negative_a) = combine_exact(&a, f0, &b, g0);
        let (next_b, negative_b) = combine_exact(&a, f1, &b, g1);
        let (f0, g0) = if negative_a { (-f0, -g0) } else { (f0, g0) };
        let (f1, g1) = if negative_b { (-f1, -g1) } else { (f1, g1) };
        let next_u = combine_modular::<M>(&u, f0, &v, g0);
        let next_v = combine_modular::<M>(&u, f1, &v, g1);
        (a, b, u, v) = (next_a, next_b, next_u, next_v);
    }
    // The Montgomery product takes another 2^256 away.
    canonical::<M>(&product::<M>(
        &v,
        const { &power_of_two::<M>(EXPONENT + SURPLUS + 256) },
    ))
}

/// Decides 31 steps and gives their combined effect: `a' = a·f0 + b·g0`, `b' = a·f1 + b·g1`, both over `2^31`.
#[inline(always)]
fn steps(a: &Limbs, b: &Limbs) -> (i64, i64, i64, i64) {
    let (mut x, mut y) = approximate(a, b);
    let (mut f0, mut g0, mut f1, mut g1) = (1i64, 0i64, 0i64, 1i64);
    for _ in 0..INNER {
        if x & 1 == 1 {
            if x < y {
                (x, y) = (y, x);
                (f0, f1) = (f1, f0);
                (g0, g1) = (g1, g0);
            }
            x -= y;
            f0 -= f1;
            g0 -= g1;
        }
        x >>= 1;
        f1 <<= 1;
        g1 <<= 1;
    }
    (f0, g0, f1, g1)
}

/// The top 33 and low 31 bits of both numbers, aligned to the longer one.
#[inline(always)]
fn approximate(a: &Limbs, b: &Limbs) -> (u64, u64) {
    let top = (1..4).rev().find(|&i| a[i] | b[i] != 0).unwrap_or(0);
    if top == 0 {
        return (a[0], b[0]);
    }
    let zeros = (a[top] | b[top]).leading_zeros();
    let high = |n: &Limbs| {
        let below = if zeros == 0 { 0 } else { n[top - 1] >> (64 - zeros) };
        (n[top] << zeros) | below
    };
    let join = |n: &Limbs| (n[0] & ((1 << INNER) - 1)) | (high(n) >> INNER << INNER);
    (join(a), join(b))
}

/// `|a·f + b·g| / 2^31` and whether the sum was negative; the division is exact.
#[inline(always)]
fn combine_exact(a: &Limbs, f: i64, b: &Limbs, g: i64) -> (Limbs, bool) {
    let mut sum = [0u64; 4];
    let mut carry = 0i128;
    for i in 0..4 {
        carry += i128::from(a[i]) * i128::from(f) + i128::from(b[i]) * i128::from(g);
        sum[i] = carry as u64;
        carry >>= 64;
    }
    let top = carry as u64;
    let mut out = [
        (sum[0] >> INNER) | (sum[1] << (64 - INNER)),
        (sum[1] >> INNER) | (sum[2] << (64 - INNER)),
        (sum[2] >> INNER) | (sum[3] << (64 - INNER)),
        (sum[3] >> INNER) | (top << (64 - INNER)),
    ];
    let negative = carry < 0;
    if negative {
        let mut add = true;
        for limb in &mut out {
            (*limb, add) = (!*limb).overflowing_add(u64::from(add));
        }
    }
    (out, negative)
}

/// `(u·f + v·g)·2^-64 mod p`, below `p`.
#[inline(always)]
fn combine_modular<M: Modulus>(u: &Limbs, f: i64, v: &Limbs, g: i64) -> Limbs {
    let u = negate_if::<M>(u, f < 0);
    let v = negate_if::<M>(v, g < 0);
    let (f, g) = (f.unsigned_abs(), g.unsigned_abs());
    let mut t = [0u64; 5];
    let mut carry = 0u64;
    for i in 0..4 {
        (t[i], carry) = multiply_add(0, u[i], f, carry);
    }
    t[4] = carry;
    carry = 0;
    for i in 0..4 {
        (t[i], carry) = multiply_add(t[i], v[i], g, carry);
    }
    t[4] += carry;
    let m = t[0].wrapping_mul(M::NEG_INV);
    let (_, mut carry) = multiply_add(t[0], m, M::P[0], 0);
    let mut out = [0; 4];
    for i in 1..4 {
        (out[i - 1], carry) = multiply_add(t[i], m, M::P[i], carry);
    }
    out[3] = t[4] + carry;
    canonical::<M>(&out)
}

/// `p - x` or `x`, for `x` not above `p`.
#[inline(always)]
fn negate_if<M: Modulus>(x: &Limbs, negate: bool) -> Limbs {
    if negate {
        super::modulus::subtract(M::P, *x).0
    } else {
        *x
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fq;
    use ark_ff::{AdditiveGroup, BigInt, Field, UniformRand};
    use rand::SeedableRng;

    use super::inverse;
    use crate::field::modulus::Base;

    #[test]
    fn inverses_equal_arkworks() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(2);
        let small = (1..50u64).map(Fq::from);
        let edges = [Fq::ONE, -Fq::ONE, Fq::from(2u64).inverse().unwrap()];
        let random: Vec<Fq> = (0..500).map(|_| Fq::rand(&mut rng)).collect();
        for x in small.chain(edges).chain(random) {
            let got = Fq::new_unchecked(BigInt(inverse::<Base, 512>(&x.0.0)));
            assert_eq!(got, x.inverse().unwrap());
        }
    }

    #[test]
    fn zero_has_the_inverse_zero() {
        assert_eq!(inverse::<Base, 512>(&Fq::ZERO.0.0), [0; 4]);
        assert_eq!(
            inverse::<Base, 512>(&crate::field::modulus::multiple::<Base>(1)),
            [0; 4]
        );
    }
}
