//! The quotient against `ark-poly`, on every backend this machine has.

use ark_bn254::Fr;
use ark_ff::{FftField, PrimeField, UniformRand};
use ark_poly::{EvaluationDomain, GeneralEvaluationDomain};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Plan, enter, quotient};
use crate::lanes::Machine;
use crate::lanes::portable::Portable;

fn check<M: Machine>(a: &[Fr], b: &[Fr], expected: &[Fr]) {
    let plan = Plan::new::<M::Scalar>(a.len()).unwrap();
    let values = |t: usize| [enter::<M::Scalar>(&a[t]), enter::<M::Scalar>(&b[t])];
    let got = quotient::<M>(&plan, &values);
    for (t, got) in plan.order().zip(got.as_flattened()) {
        assert_eq!(*got, expected[t].into_bigint().0, "point {t} of {}", a.len());
    }
}

fn with_arkworks(a: &[Fr], b: &[Fr]) -> Vec<Fr> {
    let domain = GeneralEvaluationDomain::<Fr>::new(a.len()).unwrap();
    let shift = Fr::get_root_of_unity(2 * a.len() as u64).unwrap();
    let coset = domain.get_coset(shift).unwrap();
    let c: Vec<Fr> = a.iter().zip(b).map(|(a, b)| *a * b).collect();
    let [a, b, c] = [a, b, &c].map(|values| coset.fft(&domain.ifft(values)));
    (0..a.len()).map(|t| a[t] * b[t] - c[t]).collect()
}

#[test]
fn quotients_on_domains_of_all_sizes_equal_arkworks() {
    let mut rng = StdRng::seed_from_u64(20);
    for power in (0..=11).chain([14]) {
        let random = |rng: &mut StdRng| (0..1 << power).map(|_| Fr::rand(rng)).collect::<Vec<_>>();
        let (a, b) = (random(&mut rng), random(&mut rng));
        let expected = with_arkworks(&a, &b);
        check::<Portable>(&a, &b, &expected);
        #[cfg(target_arch = "x86_64")]
        if crate::ifma::is_available() {
            check::<crate::ifma::Ifma>(&a, &b, &expected);
        }
    }
}

#[test]
fn extreme_values_survive_the_lazy_reductions() {
    let largest = -Fr::from(1u64);
    for power in [6, 7, 10, 13] {
        let a = vec![largest; 1 << power];
        let b: Vec<Fr> = (0..1u64 << power)
            .map(|i| if i % 3 == 0 { Fr::from(0u64) } else { largest })
            .collect();
        let expected = with_arkworks(&a, &b);
        check::<Portable>(&a, &b, &expected);
        #[cfg(target_arch = "x86_64")]
        if crate::ifma::is_available() {
            check::<crate::ifma::Ifma>(&a, &b, &expected);
        }
    }
}

#[test]
fn a_size_that_is_no_power_of_two_has_no_plan() {
    assert!(Plan::new::<<Portable as Machine>::Scalar>(100).is_none());
    assert!(Plan::new::<<Portable as Machine>::Scalar>(1 << 28).is_none());
}
