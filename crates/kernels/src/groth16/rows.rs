//! The sparse constraint matrices.

use std::collections::HashMap;

use ark_bn254::Fr;

use super::key::KeyError;
use super::source::{KeySource, Matrix};
use crate::fft::enter;
use crate::field::Limbs;
use crate::field::modulus::Scalar;
use crate::field::products::Products;
use crate::lanes::PrimeLanes;

/// Both matrices by rows. Circuits use few different coefficients, so entries name theirs by number.
#[derive(Debug)]
pub(super) struct Rows {
    a: Sparse,
    b: Sparse,
    /// The different coefficients, in the machine's Montgomery form.
    values: Vec<Limbs>,
}

/// One matrix: for each row, where its entries begin; and the entries of all rows.
#[derive(Debug, Default)]
struct Sparse {
    starts: Vec<u32>,
    entries: Vec<Term>,
}

/// One entry of a row.
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    wire: u32,
    value: u32,
}

impl Rows {
    /// Sorts the entries of a key by rows.
    pub(super) fn new<F: PrimeLanes>(source: &impl KeySource) -> Result<Self, KeyError> {
        let header = source.header();
        let mut starts = [vec![0u32; header.domain + 1], vec![0u32; header.domain + 1]];
        for entry in source.coefficients() {
            if entry.row as usize >= header.domain || entry.wire as usize >= header.wires {
                return Err(KeyError::Coefficient {
                    row: entry.row,
                    wire: entry.wire,
                });
            }
            starts[index(entry.matrix)][entry.row as usize] += 1;
        }
        let mut matrices = starts.map(|mut starts| {
            let total = crate::msm::turn_counts_into_starts(&mut starts);
            Sparse {
                starts,
                entries: vec![Term::default(); total],
            }
        });
        let mut next = [matrices[0].starts.clone(), matrices[1].starts.clone()];
        let mut numbers: HashMap<Fr, u32> = HashMap::new();
        let mut values = Vec::new();
        for entry in source.coefficients() {
            let value = *numbers.entry(entry.value).or_insert_with(|| {
                values.push(enter::<F>(&entry.value));
                values.len() as u32 - 1
            });
            let which = index(entry.matrix);
            let place = &mut next[which][entry.row as usize];
            matrices[which].entries[*place as usize] = Term {
                wire: entry.wire,
                value,
            };
            *place += 1;
        }
        let [a, b] = matrices;
        Ok(Self { a, b, values })
    }

    /// Both matrices' products with the witness at a row, in the machine's Montgomery form.
    #[inline(always)]
    pub(super) fn at(&self, row: usize, witness: &[Fr]) -> [Limbs; 2] {
        [self.product(&self.a, row, witness), self.product(&self.b, row, witness)]
    }

    #[inline(always)]
    fn product(&self, matrix: &Sparse, row: usize, witness: &[Fr]) -> Limbs {
        let mut sum = Products::default();
        for term in &matrix.entries[matrix.starts[row] as usize..matrix.starts[row + 1] as usize] {
            sum.add(&self.values[term.value as usize], &witness[term.wire as usize].0.0);
        }
        sum.reduce::<Scalar>()
    }
}

fn index(matrix: Matrix) -> usize {
    match matrix {
        Matrix::A => 0,
        Matrix::B => 1,
    }
}
