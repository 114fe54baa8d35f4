//! Roots and sizes for one domain.

use ark_bn254::Fr;
use ark_ff::{FftField, Field};

use crate::field::Limbs;
use crate::field::limbs::{canonical, product};
use crate::field::modulus::{Scalar, power_of_two};
use crate::lanes::{LANES, PrimeLanes};

/// Everything about a domain of `n = rows·columns` points that does not depend on the values.
///
/// Point `t` of the domain stands in row `t / columns`, column `t % columns`.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// `ω`, and a square root of it that makes the coset.
    pub(crate) root: Fr,
    pub(crate) shift: Fr,
    /// The powers that transforms of columns and of rows need, backwards and forwards.
    pub(crate) column_roots: Roots,
    pub(crate) row_roots: Roots,
    /// `shift^(rows·k)` for each column `k`, in bit-reversed order.
    pub(crate) shifts: Vec<Limbs>,
}

/// The powers of a root of one of order `length` and of its inverse.
#[derive(Debug)]
pub(crate) struct Roots {
    /// The inverse's powers in bit-reversed order.
    pub(crate) inverse: Vec<Limbs>,
    /// The root's powers in order: `length / 2` of them.
    pub(crate) forward: Vec<Limbs>,
}

impl Plan {
    /// The plan for a domain of `size` points, a power of two up to `2^27`; nothing if it is another.
    pub(crate) fn new<F: PrimeLanes>(size: usize) -> Option<Self> {
        if !size.is_power_of_two() || size > 1 << 27 {
            return None;
        }
        let shift = Fr::get_root_of_unity(2 * size as u64)?;
        let root = shift.square();
        let rows = 1 << (size.ilog2() / 2);
        let columns = size / rows;
        let powers = |step: Fr, count: usize| {
            let mut power = Fr::ONE;
            (0..count)
                .map(|_| {
                    let limbs = enter::<F>(&power);
                    power *= step;
                    limbs
                })
                .collect::<Vec<_>>()
        };
        let roots = |length: usize| {
            let root = root.pow([(size / length) as u64]);
            let back = powers(root.inverse().unwrap_or_default(), length / 2);
            let bits = length.max(2).ilog2() - 1;
            Roots {
                inverse: reversed(&back, bits),
                forward: powers(root, length / 2),
            }
        };
        Some(Self {
            rows,
            columns,
            root,
            shift,
            column_roots: roots(rows),
            row_roots: roots(columns),
            shifts: reversed(&powers(shift.pow([rows as u64]), columns), columns.ilog2()),
        })
    }

    /// Points of the domain.
    pub(crate) fn size(&self) -> usize {
        self.rows * self.columns
    }

    /// Whether the domain is too small to be cut into eights.
    pub(crate) fn is_small(&self) -> bool {
        self.rows < LANES
    }

    /// The points in the order in which [`super::quotient`] gives their values: by stripes of eight columns.
    pub(crate) fn order(&self) -> impl Iterator<Item = usize> + '_ {
        let width = if self.is_small() { self.columns } else { LANES };
        (0..self.columns / width).flat_map(move |stripe| {
            (0..self.rows).flat_map(move |row| (0..width).map(move |lane| row * self.columns + stripe * width + lane))
        })
    }
}

/// From arkworks' Montgomery form to the machine's.
pub(crate) fn enter<F: PrimeLanes>(x: &Fr) -> Limbs {
    let shift = match F::RADIX {
        256 => return x.0.0,
        260 => const { power_of_two::<Scalar>(260) },
        _ => unreachable!("a machine with another radix needs its own power of two"),
    };
    canonical::<Scalar>(&product::<Scalar>(&x.0.0, &shift))
}

/// The index with its lowest bits in reverse order.
pub(crate) fn reverse_bits(index: usize, bits: u32) -> usize {
    if bits == 0 {
        0
    } else {
        index.reverse_bits() >> (usize::BITS - bits)
    }
}

fn reversed(powers: &[Limbs], bits: u32) -> Vec<Limbs> {
    (0..powers.len()).map(|i| powers[reverse_bits(i, bits)]).collect()
}
