//! For each wire, the three polynomials of its columns in the matrices, at τ.

use ark_bn254::Fr;
use ark_ff::Zero;

use super::lagrange;
use crate::formats::r1cs::{R1cs, Rows};

/// The columns of A, B and C at τ, one value for each wire.
pub(super) struct Queries {
    pub(super) a: Vec<Fr>,
    pub(super) b: Vec<Fr>,
    pub(super) c: Vec<Fr>,
}

impl Queries {
    /// Evaluates them. Rows after the constraints bind the constant and each public value to A, so
    /// that no two of these columns are the same.
    pub(super) fn at(tau: Fr, r1cs: &R1cs, domain: u32) -> Self {
        let bases = lagrange::bases(tau, domain);
        let column = |rows: &Rows| {
            let mut values = vec![Fr::zero(); r1cs.shape.wires as usize];
            for (row, basis) in rows.iter().zip(&bases) {
                for term in row {
                    let coefficient = r1cs.coefficients.get(term.coefficient as usize);
                    if let (Some(value), Some(coefficient)) = (values.get_mut(term.wire as usize), coefficient) {
                        *value += *coefficient * basis;
                    }
                }
            }
            values
        };
        let (mut a, (b, c)) = rayon::join(
            || column(&r1cs.a),
            || rayon::join(|| column(&r1cs.b), || column(&r1cs.c)),
        );
        let visible = r1cs.shape.publics() as usize + 1;
        let binding = bases.iter().skip(r1cs.shape.constraints as usize).take(visible);
        for (value, basis) in a.iter_mut().zip(binding) {
            *value += basis;
        }
        Self { a, b, c }
    }
}
