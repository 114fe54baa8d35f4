//! Small matrices, for making schedules.

#![expect(
    clippy::indexing_slicing,
    reason = "runs once, on constants, with rows of equal length"
)]

use crate::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Rows of equal length.
pub(super) type Matrix = Vec<Vec<Fr>>;

/// The inner product.
pub(super) fn combine(left: &[Fr], right: &[Fr]) -> Fr {
    left.iter().zip(right).map(|(a, b)| *a * b).sum()
}

/// `row · matrix`.
pub(super) fn times_row(row: &[Fr], matrix: &Matrix) -> Vec<Fr> {
    let columns = matrix.first().map_or(0, Vec::len);
    (0..columns)
        .map(|column| row.iter().zip(matrix).map(|(factor, row)| *factor * row[column]).sum())
        .collect()
}

/// `matrix · column`.
pub(super) fn times_column(matrix: &Matrix, column: &[Fr]) -> Vec<Fr> {
    matrix.iter().map(|row| combine(row, column)).collect()
}

/// The inverse of a square matrix, by Gauss and Jordan's elimination; zeros where there is none.
pub(super) fn inverse(matrix: &Matrix) -> Matrix {
    let size = matrix.len();
    let unit = |row: usize| (0..size).map(move |column| Fr::from(row == column));
    let mut rows: Matrix = matrix
        .iter()
        .enumerate()
        .map(|(index, row)| row.iter().copied().chain(unit(index)).collect())
        .collect();
    for pivot in 0..size {
        let Some(found) = (pivot..size).find(|row| rows[*row][pivot] != Fr::ZERO) else {
            return vec![vec![Fr::ZERO; size]; size];
        };
        rows.swap(pivot, found);
        let scale = rows[pivot][pivot].inverse().unwrap_or_default();
        for value in &mut rows[pivot] {
            *value *= scale;
        }
        let pivot_row = rows[pivot].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != pivot) {
            let factor = row[pivot];
            for (value, pivot_value) in row.iter_mut().zip(&pivot_row) {
                *value -= factor * pivot_value;
            }
        }
    }
    rows.into_iter()
        .map(|row| row.into_iter().skip(size).collect())
        .collect()
}
