//! Lagrange bases of multiplicative domains, evaluated at one point.
//!
//! On the domain of the N-th roots of unity the basis that is 1 at x and 0 elsewhere is
//! `(τ^N − 1)/N · x/(τ − x)` at τ.

use ark_bn254::Fr;
use ark_ff::{FftField, Field};

/// The bases of the domain of `size` elements at `tau`, in the order of the domain.
pub(super) fn bases(tau: Fr, size: u32) -> Vec<Fr> {
    let root = Fr::get_root_of_unity(size.into()).unwrap_or(Fr::ONE);
    weights(tau, size.into(), size, Fr::ONE, root, Fr::ONE)
}

/// The bases of the domain of twice `size` elements that belong to its odd elements, at `tau`,
/// times `factor`.
///
/// A product of two polynomials minus a third is given by these when it vanishes on the domain of
/// `size` elements: the even elements contribute nothing. That is how snarkjs writes the quotient.
pub(super) fn odd_bases(tau: Fr, size: u32, factor: Fr) -> Vec<Fr> {
    let twice = 2 * u64::from(size);
    let root = Fr::get_root_of_unity(twice).unwrap_or(Fr::ONE);
    weights(tau, twice, size, root, root.square(), factor)
}

fn weights(tau: Fr, domain: u64, count: u32, first: Fr, step: Fr, factor: Fr) -> Vec<Fr> {
    let elements = || std::iter::successors(Some(first), move |x| Some(*x * step)).take(count as usize);
    let mut values: Vec<Fr> = elements().map(|x| tau - x).collect();
    let size = Fr::from(domain).inverse().unwrap_or_default();
    let vanishing = tau.pow([domain]) - Fr::ONE;
    ark_ff::batch_inversion_and_mul(&mut values, &(vanishing * size * factor));
    for (value, x) in values.iter_mut().zip(elements()) {
        *value *= x;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bases_interpolate_a_polynomial() {
        let tau = Fr::from(123_456_789);
        let polynomial = |x: Fr| x.pow([5]) * Fr::from(3) + x.square() + Fr::from(7);
        let root = Fr::get_root_of_unity(8).unwrap();
        let bases = bases(tau, 8);
        let value: Fr = bases
            .iter()
            .zip(0u64..)
            .map(|(basis, i)| *basis * polynomial(root.pow([i])))
            .sum();
        assert_eq!(value, polynomial(tau));
    }

    #[test]
    fn the_odd_bases_interpolate_a_polynomial_that_vanishes_on_the_domain() {
        let tau = Fr::from(987_654_321);
        let polynomial = |x: Fr| (x.pow([4]) - Fr::ONE) * (x.square() + Fr::from(7));
        let root = Fr::get_root_of_unity(8).unwrap();
        let bases = odd_bases(tau, 4, Fr::from(2));
        let value: Fr = bases
            .iter()
            .zip(0u64..)
            .map(|(basis, i)| *basis * polynomial(root.pow([2 * i + 1])))
            .sum();
        assert_eq!(value, polynomial(tau) * Fr::from(2));
    }
}
