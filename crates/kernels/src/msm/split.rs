//! A scalar as `k1 + k2·λ` with two halves of half its length (Gallant, Lambert, Vanstone).
//!
//! `(T2, S)` and `(S, -T1)` span the lattice of pairs `(a, b)` with `a + b·λ = 0`; with `x` the curve's
//! parameter, `S = 2x + 1`, `T1 = 6x² + 2x`, `T2 = 6x² + 4x + 1`. The pair `(k, 0)` less the lattice point next to it is
//! `(k1, k2)`.

use crate::field::Limbs;
use crate::field::limbs::multiply_add;

#[cfg(test)]
/// The cube root of one that the endomorphism multiplies by.
pub(crate) const LAMBDA: ark_bn254::Fr = ark_ff::MontFp!("4407920970296243842393367215006156084916469457145843978461");

const S: u128 = 9931322734385697763;
const T1: u128 = 147946756881789319000765030803803410728;
const T2: u128 = 147946756881789319010696353538189108491;
/// `⌊T1·2^256 / r⌋`
const T1_OVER_R: [u64; 3] = [0x7a7b_d9d4_391e_b18d, 0x4cce_f014_a773_d2cf, 2];
/// `⌊S·2^256 / r⌋`
const S_OVER_R: [u64; 3] = [0xd91d_232e_c7e0_b3d7, 2, 0];

/// The halves `(k1, k2)` of a scalar below the group's order, each below `3·2^125` in size.
#[inline(always)]
pub(crate) fn split(k: &Limbs) -> [i128; 2] {
    let c1 = scaled(k, &T1_OVER_R);
    let c2 = scaled(k, &S_OVER_R);
    // c1 and c2 are off by at most 0.7, so the halves are at most 0.7·(T2 + S) < 3·2^125 in size, and their low 128
    // bits say everything.
    let low = u128::from(k[0]) | u128::from(k[1]) << 64;
    let k1 = low.wrapping_sub(c1.wrapping_mul(T2)).wrapping_sub(c2.wrapping_mul(S));
    let k2 = c2.wrapping_mul(T1).wrapping_sub(c1.wrapping_mul(S));
    [k1 as i128, k2 as i128]
}

/// `k·factor / 2^256`, rounded to the nearest; below `2^128`.
#[inline(always)]
fn scaled(k: &Limbs, factor: &[u64; 3]) -> u128 {
    let mut t = [0u64; 7];
    for (i, &digit) in factor.iter().enumerate() {
        let mut carry = 0;
        for j in 0..4 {
            (t[i + j], carry) = multiply_add(t[i + j], k[j], digit, carry);
        }
        t[i + 4] = carry;
    }
    (u128::from(t[4]) | u128::from(t[5]) << 64) + u128::from(t[3] >> 63)
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{AdditiveGroup, Field, PrimeField, UniformRand};
    use rand::SeedableRng;

    use super::{LAMBDA, split};

    fn value(half: i128) -> Fr {
        let size = Fr::from(half.unsigned_abs());
        if half < 0 { -size } else { size }
    }

    #[test]
    fn halves_are_small_and_make_up_the_scalar() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(4);
        let edges = [
            Fr::ZERO,
            Fr::ONE,
            -Fr::ONE,
            LAMBDA,
            -LAMBDA,
            Fr::from(u64::MAX),
            Fr::from(u128::MAX),
        ];
        let random: Vec<Fr> = (0..2000).map(|_| Fr::rand(&mut rng)).collect();
        for k in edges.into_iter().chain(random) {
            let [k1, k2] = split(&k.into_bigint().0);
            assert!(k1.unsigned_abs() < 3 << 125 && k2.unsigned_abs() < 3 << 125);
            assert_eq!(value(k1) + value(k2) * LAMBDA, k);
        }
    }

    #[test]
    fn a_small_scalar_has_no_second_half() {
        for k in [0u64, 1, 2, 65_536, u64::MAX] {
            assert_eq!(split(&[k, 0, 0, 0]), [i128::from(k), 0]);
        }
    }
}
