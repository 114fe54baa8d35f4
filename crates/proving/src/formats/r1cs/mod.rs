//! A circuit's constraints: rows `⟨a, w⟩ · ⟨b, w⟩ = ⟨c, w⟩` over the wires `w`.
//!
//! - `read`, `write`   the r1cs file
//! - `check`           whether a witness satisfies every row
mod check;
mod read;
mod write;

use ark_bn254::Fr;

pub use check::Unsatisfied;

use super::container::Format;

pub(crate) const FORMAT: Format = Format {
    magic: *b"r1cs",
    name: "r1cs",
    version: 1,
    sections: &["header", "constraints", "wire labels"],
};

/// A constraint system as circom writes it.
///
/// Wire 0 is the constant 1, then come the public outputs, the public inputs, the private inputs
/// and the inner wires.
#[derive(Debug, Clone)]
pub struct R1cs {
    /// How many wires of which kind.
    pub shape: Shape,
    /// The left factors.
    pub a: Rows,
    /// The right factors.
    pub b: Rows,
    /// The products.
    pub c: Rows,
    /// The distinct coefficients of all rows.
    pub coefficients: Vec<Fr>,
    /// For each wire, its number in the circuit's symbol file before simplification.
    pub labels: Vec<u64>,
}

/// The counts in the header of an r1cs file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// All wires, the constant included: the length of a witness.
    pub wires: u32,
    /// Public outputs.
    pub public_outputs: u32,
    /// Public inputs.
    pub public_inputs: u32,
    /// Private inputs.
    pub private_inputs: u32,
    /// Signals before simplification.
    pub labels: u64,
    /// Rows.
    pub constraints: u32,
}

impl Shape {
    /// How many values a verifier sees: public outputs and inputs.
    pub fn publics(&self) -> u32 {
        self.public_outputs + self.public_inputs
    }

    /// The size of the evaluation domain that Groth16 needs: the next power of two that holds the
    /// rows, one row per public value and one for the constant.
    pub fn domain(&self) -> u64 {
        (u64::from(self.constraints) + u64::from(self.publics()) + 1).next_power_of_two()
    }
}

/// One of the three matrices, row after row without gaps.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    ends: Vec<u32>,
    terms: Vec<Term>,
}

/// One entry of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The wire that is multiplied.
    pub wire: u32,
    /// Which of [`R1cs::coefficients`] it is multiplied with.
    pub coefficient: u32,
}

impl Rows {
    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &[Term]> + '_ {
        (0..self.ends.len()).map(|row| self.row(row))
    }

    /// The terms of a row; empty beyond the last one.
    pub fn row(&self, row: usize) -> &[Term] {
        let start = row
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.terms.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The number of entries in all rows.
    pub fn nonzeros(&self) -> usize {
        self.terms.len()
    }

    /// Sorts entries, each a row and a term, into rows; those of one row keep their order.
    pub(crate) fn from_entries(rows: u32, mut entries: Vec<(u32, Term)>) -> Self {
        entries.sort_by_key(|&(row, _)| row);
        let mut sorted = Self::default();
        let mut entries = entries.into_iter().peekable();
        for row in 0..rows {
            while let Some((_, term)) = entries.next_if(|&(of, _)| of == row) {
                sorted.push_term(term);
            }
            sorted.end_row();
        }
        sorted
    }

    fn push_term(&mut self, term: Term) {
        self.terms.push(term);
    }

    fn end_row(&mut self) {
        self.ends.push(self.terms.len() as u32);
    }
}
