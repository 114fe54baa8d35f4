//! A key's points as sums of Lagrange bases.
//!
//! Each wire's point is the sum, over the rows of a matrix in which the wire stands, of the row's
//! Lagrange basis times the coefficient.

use std::ops::Range;

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{BigInteger, One, PrimeField, Zero};
use rayon::prelude::*;

use super::combine::combine;
use crate::formats::ptau::{Factor, PtauFile};
use crate::formats::r1cs::{R1cs, Rows};
use crate::formats::{FilePoint, FormatError, PointList};

/// Rows whose bases are in memory at a time.
const ROWS: usize = 1 << 14;
/// Terms of one wire from which they are summed together instead of one by one.
const MANY: usize = 24;

/// One of a key's lists of points.
pub(super) struct Query<'a, P> {
    wires: Range<usize>,
    parts: Vec<(Matrix<'a>, PointList<'a, P>)>,
}

/// A circuit and the bases of its domain.
pub(super) struct Queries<'a> {
    pub(super) r1cs: &'a R1cs,
    pub(super) ptau: &'a PtauFile,
    /// The domain is two to this power.
    pub(super) level: u32,
}

impl<'a> Queries<'a> {
    /// The left factors.
    pub(super) fn a(&self) -> Result<Query<'a, G1Affine>, FormatError> {
        Ok(Query {
            wires: self.all(),
            parts: vec![(self.matrix_a(), self.ptau.bases_g1(Factor::One, self.level)?)],
        })
    }

    /// The right factors in G1.
    pub(super) fn b1(&self) -> Result<Query<'a, G1Affine>, FormatError> {
        let parts = vec![(self.matrix(&self.r1cs.b), self.ptau.bases_g1(Factor::One, self.level)?)];
        Ok(Query {
            wires: self.all(),
            parts,
        })
    }

    /// The right factors in G2.
    pub(super) fn b2(&self) -> Result<Query<'a, G2Affine>, FormatError> {
        let parts = vec![(self.matrix(&self.r1cs.b), self.ptau.bases_g2(self.level)?)];
        Ok(Query {
            wires: self.all(),
            parts,
        })
    }

    /// The constant and the public values.
    pub(super) fn ic(&self) -> Result<Query<'a, G1Affine>, FormatError> {
        self.cross(0..self.visible())
    }

    /// The other wires, with δ = 1.
    pub(super) fn c(&self) -> Result<Query<'a, G1Affine>, FormatError> {
        self.cross(self.visible()..self.r1cs.shape.wires as usize)
    }

    /// The quotient's points, with δ = 1.
    pub(super) fn h(&self) -> Result<PointList<'a, G1Affine>, FormatError> {
        Ok(self.ptau.bases_g1(Factor::One, self.level + 1)?.odd())
    }

    /// β·a + α·b + c.
    fn cross(&self, wires: Range<usize>) -> Result<Query<'a, G1Affine>, FormatError> {
        let bases = |factor| self.ptau.bases_g1(factor, self.level);
        let parts = vec![
            (self.matrix_a(), bases(Factor::Beta)?),
            (self.matrix(&self.r1cs.b), bases(Factor::Alpha)?),
            (self.matrix(&self.r1cs.c), bases(Factor::One)?),
        ];
        Ok(Query { wires, parts })
    }

    fn all(&self) -> Range<usize> {
        0..self.r1cs.shape.wires as usize
    }

    fn visible(&self) -> usize {
        self.r1cs.shape.publics() as usize + 1
    }

    fn matrix(&self, rows: &'a Rows) -> Matrix<'a> {
        Matrix {
            rows,
            coefficients: &self.r1cs.coefficients,
            binding: 0,
        }
    }

    fn matrix_a(&self) -> Matrix<'a> {
        Matrix {
            binding: self.visible(),
            ..self.matrix(&self.r1cs.a)
        }
    }
}

/// A matrix of the constraints. In A, rows behind them bind the constant and each public value.
struct Matrix<'a> {
    rows: &'a Rows,
    coefficients: &'a [Fr],
    binding: usize,
}

impl Matrix<'_> {
    fn height(&self) -> usize {
        self.rows.len() + self.binding
    }

    /// Wires and coefficients of a row.
    fn row(&self, row: usize) -> impl Iterator<Item = (usize, Fr)> + '_ {
        let terms = self.rows.row(row).iter().map(|term| {
            let coefficient = self.coefficients.get(term.coefficient as usize);
            (term.wire as usize, coefficient.copied().unwrap_or_default())
        });
        let bound = row.checked_sub(self.rows.len()).filter(|wire| *wire < self.binding);
        terms.chain(bound.map(|wire| (wire, Fr::one())))
    }
}

impl<P> Query<'_, P>
where
    P: FilePoint,
    P::Group: VariableBaseMSM<MulBase = P>,
{
    /// The sum of the list's points, each times its weight, without computing any of them: the
    /// weights are summed over each row first.
    pub(super) fn combined(&self, weights: &[Fr]) -> Result<P::Group, FormatError> {
        let mut sum = P::Group::zero();
        for (matrix, bases) in &self.parts {
            let weight = |wire: usize| wire.checked_sub(self.wires.start).and_then(|at| weights.get(at));
            let row = |row| {
                let terms = matrix.row(row);
                let weighed = terms.filter_map(|(wire, coefficient)| Some(*weight(wire)? * coefficient));
                weighed.sum::<Fr>()
            };
            let rows: Vec<Fr> = (0..matrix.height()).into_par_iter().map(row).collect();
            sum += combine(bases, &rows)?;
        }
        Ok(sum)
    }

    /// All points of the list.
    pub(super) fn points(&self) -> Result<Vec<P>, FormatError> {
        let mut sums = vec![P::Group::zero(); self.wires.len()];
        for (matrix, bases) in &self.parts {
            for start in (0..matrix.height()).step_by(ROWS) {
                let rows = start..matrix.height().min(start + ROWS);
                let bases = bases.read(rows.clone())?;
                self.add_rows(&mut sums, matrix, rows, &bases);
            }
        }
        Ok(P::Group::normalize_batch(&sums))
    }

    fn add_rows(&self, sums: &mut [P::Group], matrix: &Matrix<'_>, rows: Range<usize>, bases: &[P]) {
        let mut terms: Vec<(usize, P, Fr)> = Vec::new();
        for (row, basis) in rows.zip(bases) {
            let own = matrix.row(row).filter(|(wire, _)| self.wires.contains(wire));
            terms.extend(own.map(|(wire, coefficient)| (wire - self.wires.start, *basis, coefficient)));
        }
        terms.par_sort_by_key(|(wire, ..)| *wire);
        let of_one_wire: Vec<_> = terms.chunk_by(|(one, ..), (other, ..)| one == other).collect();
        let summed: Vec<(usize, P::Group)> = of_one_wire
            .into_par_iter()
            .filter_map(|terms| Some((terms.first()?.0, sum_of(terms))))
            .collect();
        for (wire, sum) in summed {
            if let Some(place) = sums.get_mut(wire) {
                *place += sum;
            }
        }
    }
}

fn sum_of<P>(terms: &[(usize, P, Fr)]) -> P::Group
where
    P: FilePoint,
    P::Group: VariableBaseMSM<MulBase = P>,
{
    if terms.len() < MANY {
        return terms.iter().map(|(_, point, scalar)| product(point, scalar)).sum();
    }
    let (points, scalars): (Vec<P>, Vec<Fr>) = terms.iter().map(|(_, point, scalar)| (*point, *scalar)).unzip();
    P::Group::msm_unchecked(&points, &scalars)
}

/// A point times a coefficient, most of which are small or nearly the field's order.
fn product<P: FilePoint>(point: &P, scalar: &Fr) -> P::Group {
    let (plain, opposite) = (scalar.into_bigint(), (-*scalar).into_bigint());
    let short = |number: &<Fr as PrimeField>::BigInt| number.num_bits() <= 64;
    match (short(&plain), short(&opposite)) {
        (true, _) => times_short(point, plain.0[0]),
        (false, true) => -times_short(point, opposite.0[0]),
        (false, false) => *point * *scalar,
    }
}

fn times_short<P: AffineRepr>(point: &P, number: u64) -> P::Group {
    match number {
        0 => P::Group::zero(),
        1 => point.into_group(),
        _ => point.mul_bigint([number]),
    }
}
