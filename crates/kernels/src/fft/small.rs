//! The definition, for domains too small to cut: at most 32 points.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInt, Field, PrimeField};

use super::coset::Eight;
use super::plan::Plan;
use crate::field::Limbs;
use crate::field::limbs::{canonical, product};
use crate::field::modulus::{Scalar, power_of_two};
use crate::lanes::{LANES, Machine, PrimeLanes};

/// [`super::quotient`] by sums over all points. A domain of fewer than eight points leaves zeros behind.
pub(super) fn quotient<M: Machine>(plan: &Plan, values: &(impl Fn(usize) -> [Limbs; 2] + Sync)) -> Vec<Eight> {
    let n = plan.size();
    let pairs: Vec<[Fr; 2]> = (0..n).map(|t| values(t).map(|x| leave::<M::Scalar>(&x))).collect();
    let back = plan.root.inverse().unwrap_or_default();
    let size = Fr::from(n as u64).inverse().unwrap_or_default();
    let on_coset = |value: &dyn Fn(&[Fr; 2]) -> Fr| -> Vec<Fr> {
        let coefficients: Vec<Fr> = (0..n)
            .map(|k| {
                size * pairs
                    .iter()
                    .enumerate()
                    .map(|(t, v)| value(v) * back.pow([(t * k) as u64]))
                    .sum::<Fr>()
            })
            .collect();
        let at = |x: Fr| coefficients.iter().rev().fold(Fr::ZERO, |sum, c| sum * x + c);
        (0..n).map(|t| at(plan.shift * plan.root.pow([t as u64]))).collect()
    };
    let (a, b, c) = (on_coset(&|v| v[0]), on_coset(&|v| v[1]), on_coset(&|v| v[0] * v[1]));
    let mut out = vec![[[0; 4]; LANES]; n.div_ceil(LANES)];
    for t in 0..n {
        out[t / LANES][t % LANES] = (a[t] * b[t] - c[t]).into_bigint().0;
    }
    out
}

/// From the machine's Montgomery form to arkworks'.
fn leave<F: PrimeLanes>(x: &Limbs) -> Fr {
    let shift = match F::RADIX {
        256 => const { power_of_two::<Scalar>(256) },
        260 => const { power_of_two::<Scalar>(252) },
        _ => unreachable!("a machine with another radix needs its own power of two"),
    };
    Fr::new_unchecked(BigInt(canonical::<Scalar>(&product::<Scalar>(
        &canonical::<Scalar>(x),
        &shift,
    ))))
}
