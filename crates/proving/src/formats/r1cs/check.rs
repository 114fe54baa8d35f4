//! Whether a witness satisfies a constraint system.

use ark_bn254::Fr;
use ark_ff::Zero;
use rayon::prelude::*;

use super::{R1cs, Term};
use crate::witness::Witness;

/// A witness that does not fit its circuit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsatisfied {
    /// The first constraint that the witness breaks.
    #[error("the witness breaks constraint {row} of {rows}")]
    Row {
        /// The constraint's number, from 0.
        row: usize,
        /// How many constraints there are.
        rows: usize,
    },
    /// The witness belongs to another circuit.
    #[error("the witness has {found} values, the circuit {expected} wires: they are of different circuits")]
    Length {
        /// The circuit's wires.
        expected: usize,
        /// The witness's values.
        found: usize,
    },
    /// The first value is not the constant one.
    #[error("the first value of the witness is not 1")]
    Constant,
}

impl R1cs {
    /// Checks every row; names the first that is broken.
    pub fn check(&self, witness: &Witness) -> Result<(), Unsatisfied> {
        let values = witness.values();
        let expected = self.shape.wires as usize;
        if values.len() != expected {
            return Err(Unsatisfied::Length {
                expected,
                found: values.len(),
            });
        }
        if values.first() != Some(&Fr::from(1)) {
            return Err(Unsatisfied::Constant);
        }
        let rows = self.a.len();
        let broken = (0..rows).into_par_iter().with_min_len(1 << 10).find_first(|&row| {
            let a = self.row_value(self.a.row(row), values);
            let b = self.row_value(self.b.row(row), values);
            a * b != self.row_value(self.c.row(row), values)
        });
        broken.map_or(Ok(()), |row| Err(Unsatisfied::Row { row, rows }))
    }

    fn row_value(&self, row: &[Term], values: &[Fr]) -> Fr {
        let term = |term: &Term| {
            let value = values.get(term.wire as usize)?;
            Some(*value * self.coefficients.get(term.coefficient as usize)?)
        };
        row.iter()
            .map(|each| term(each).unwrap_or_default())
            .fold(Fr::zero(), |sum, x| sum + x)
    }
}
