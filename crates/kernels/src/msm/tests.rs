//! Sums against arkworks' scalar multiplication, on every backend this machine has.

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AdditiveGroup, AffineRepr, CurveGroup};
use ark_ff::{Field, PrimeField, UniformRand};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{Digits, LAMBDA, Table, sum};
use crate::curve::{Curve, G1, G2};
use crate::lanes::Machine;
use crate::lanes::portable::Portable;

fn check<M: Machine, C: Curve>(points: &[C::Affine], scalars: &[Fr]) {
    let table = Table::<C>::new::<M::Base>(points.iter().copied().map(Some));
    let digits = Digits::new(scalars, |x| x.into_bigint().0);
    let expected: C::Projective = points.iter().zip(scalars).map(|(p, k)| p.into_group() * k).sum();
    assert_eq!(sum::<M, C>(&digits, &table), expected);
}

fn check_everywhere(points: &[G1Affine], scalars: &[Fr]) {
    check::<Portable, G1>(points, scalars);
    let on_g2: Vec<G2Affine> = (0..points.len()).map(|i| twin(&points[i], i)).collect();
    check::<Portable, G2>(&on_g2, scalars);
    #[cfg(target_arch = "x86_64")]
    if crate::ifma::is_available() {
        check::<crate::ifma::Ifma, G1>(points, scalars);
        check::<crate::ifma::Ifma, G2>(&on_g2, scalars);
    }
}

/// A point of G2 that is at infinity, equal or opposite to another's twin whenever the points themselves are.
fn twin(point: &G1Affine, _: usize) -> G2Affine {
    match point.xy() {
        None => G2Affine::zero(),
        Some((x, y)) => {
            // The sign of y must carry over, so the scalar is odd in y.
            let scalar = Fr::from_le_bytes_mod_order(&ark_ff::BigInteger::to_bytes_le(&(x * y).into_bigint()));
            let negative = (-*point)
                .xy()
                .map(|(x, y)| (x * y).into_bigint() < (x * -y).into_bigint())
                == Some(true);
            let scalar = if negative {
                -Fr::from_le_bytes_mod_order(&ark_ff::BigInteger::to_bytes_le(&(x * -y).into_bigint()))
            } else {
                scalar
            };
            (G2Affine::generator() * scalar).into_affine()
        }
    }
}

fn random_points(rng: &mut StdRng, n: usize) -> Vec<G1Affine> {
    (0..n)
        .map(|_| (G1Affine::generator() * Fr::rand(rng)).into_affine())
        .collect()
}

#[test]
fn sums_of_any_length_equal_arkworks() {
    let mut rng = StdRng::seed_from_u64(10);
    for n in [0, 1, 2, 7, 8, 9, 63, 64, 65, 300] {
        let points = random_points(&mut rng, n);
        let scalars: Vec<Fr> = (0..n).map(|_| Fr::rand(&mut rng)).collect();
        check_everywhere(&points, &scalars);
    }
}

#[test]
fn edge_scalars_equal_arkworks() {
    let mut rng = StdRng::seed_from_u64(11);
    let edges = [
        Fr::ZERO,
        Fr::ONE,
        -Fr::ONE,
        LAMBDA,
        -LAMBDA,
        LAMBDA + Fr::ONE,
        Fr::from(2u64),
        -Fr::from(2u64),
        Fr::from(u64::MAX),
        Fr::from(1u64 << 15),
        Fr::from((1u64 << 16) - 1),
        Fr::from(u128::MAX),
        Fr::from(2u64).inverse().unwrap(),
    ];
    let scalars: Vec<Fr> = (0..400).map(|i| edges[i % edges.len()]).collect();
    check_everywhere(&random_points(&mut rng, 400), &scalars);
    for edge in edges {
        check_everywhere(&random_points(&mut rng, 3), &[edge; 3]);
    }
}

#[test]
fn equal_and_opposite_points_in_one_bucket_equal_arkworks() {
    let mut rng = StdRng::seed_from_u64(12);
    let few = random_points(&mut rng, 3);
    let points: Vec<G1Affine> = (0..500)
        .map(|_| {
            if rng.r#gen() {
                few[rng.gen_range(0..3)]
            } else {
                -few[rng.gen_range(0..3)]
            }
        })
        .collect();
    let ones = vec![Fr::ONE; 500];
    check_everywhere(&points, &ones);
    let same: Vec<Fr> = vec![Fr::rand(&mut rng); 500];
    check_everywhere(&points, &same);
    let signs: Vec<Fr> = (0..500).map(|_| if rng.r#gen() { Fr::ONE } else { -Fr::ONE }).collect();
    check_everywhere(&points, &signs);
    check_everywhere(&vec![few[0]; 500], &ones);
    let pair: Vec<G1Affine> = (0..64).map(|i| if i % 2 == 0 { few[0] } else { -few[0] }).collect();
    check_everywhere(&pair, &ones[..64]);
}

#[test]
fn points_at_infinity_add_nothing() {
    let mut rng = StdRng::seed_from_u64(13);
    let mut points = random_points(&mut rng, 300);
    for point in points.iter_mut().step_by(3) {
        *point = G1Affine::zero();
    }
    let scalars: Vec<Fr> = (0..300)
        .map(|i| if i % 2 == 0 { Fr::rand(&mut rng) } else { Fr::ONE })
        .collect();
    check_everywhere(&points, &scalars);
    check_everywhere(&[G1Affine::zero(); 20], &scalars[..20]);
}

#[test]
fn a_table_shorter_than_the_scalars_leaves_the_rest_out() {
    let mut rng = StdRng::seed_from_u64(14);
    let points = random_points(&mut rng, 100);
    let scalars: Vec<Fr> = (0..300).map(|_| Fr::rand(&mut rng)).collect();
    let mut all = points;
    all.resize(300, G1Affine::zero());
    check_everywhere(&all, &scalars);
}

#[test]
fn many_ones_among_thousands_of_scalars_equal_arkworks() {
    let mut rng = StdRng::seed_from_u64(15);
    let points = random_points(&mut rng, 6000);
    let scalars: Vec<Fr> = (0..6000)
        .map(|i| match i % 5 {
            0 => Fr::ONE,
            1 => Fr::from(rng.r#gen::<u64>()),
            2 => Fr::ZERO,
            _ => Fr::rand(&mut rng),
        })
        .collect();
    check::<Portable, G1>(&points, &scalars);
    #[cfg(target_arch = "x86_64")]
    if crate::ifma::is_available() {
        check::<crate::ifma::Ifma, G1>(&points, &scalars);
    }
}
