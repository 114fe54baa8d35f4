//! The signed digits of all scalars of a sum.

use rayon::prelude::*;

use super::split::split;
use crate::field::Limbs;

/// Scalars whose digits lie together in memory.
const BLOCK: usize = 4096;
/// The bits that all windows of a half hold at least. A half is below `3·2^125`, so even its last digit stays in
/// range after a carry.
const HALF_BITS: usize = 128;

/// Every scalar's digits: two halves, each in windows of the same width.
///
/// A digit lies in `-2^(width-1) .. 2^(width-1)`. Digits are kept in blocks of scalars; in a block by window, then by half.
#[derive(Debug)]
pub(crate) struct Digits {
    width: usize,
    scalars: usize,
    digits: Vec<i16>,
}

impl Digits {
    /// Splits scalars given as integers below the group's order.
    pub(crate) fn new<T: Sync>(scalars: &[T], integer: impl Fn(&T) -> Limbs + Sync) -> Self {
        let width = best_width(scalars.len());
        let windows = HALF_BITS.div_ceil(width);
        let mut digits = vec![0i16; scalars.len().div_ceil(BLOCK) * BLOCK * 2 * windows];
        digits
            .par_chunks_mut(BLOCK * 2 * windows)
            .zip(scalars.par_chunks(BLOCK))
            .for_each(|(block, scalars)| {
                for (i, scalar) in scalars.iter().enumerate() {
                    for (half, value) in split(&integer(scalar)).into_iter().enumerate() {
                        let mut rest = value.size;
                        let mut window = 0;
                        while rest != 0 {
                            let (digit, left) = lowest_digit(rest, width);
                            block[(window * 2 + half) * BLOCK + i] = if value.negative { -digit } else { digit };
                            rest = left;
                            window += 1;
                        }
                    }
                }
            });
        Self {
            width,
            scalars: scalars.len(),
            digits,
        }
    }

    /// Bits of a window.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Windows of a half.
    pub(crate) fn windows(&self) -> usize {
        HALF_BITS.div_ceil(self.width)
    }

    /// How many scalars.
    pub(crate) fn scalars(&self) -> usize {
        self.scalars
    }

    /// One window's digits: pieces of (half, first scalar, digits).
    pub(crate) fn window(&self, window: usize) -> impl Iterator<Item = (usize, usize, &[i16])> {
        let per_block = BLOCK * 2 * self.windows();
        self.digits
            .chunks_exact(per_block)
            .enumerate()
            .flat_map(move |(b, block)| {
                let length = BLOCK.min(self.scalars - b * BLOCK);
                (0..2).map(move |half| {
                    let start = (window * 2 + half) * BLOCK;
                    (half, b * BLOCK, &block[start..start + length])
                })
            })
    }
}

/// The lowest signed digit of a number and what is left above it.
#[inline(always)]
fn lowest_digit(value: u128, width: usize) -> (i16, u128) {
    let digit = (value & ((1 << width) - 1)) as i32;
    let above = value >> width;
    // The upper half of the range becomes negative and lends one to the next digit.
    if digit >> (width - 1) == 1 {
        ((digit - (1 << width)) as i16, above + 1)
    } else {
        (digit as i16, above)
    }
}

/// The width with the fewest additions: one for each digit, two for each bucket.
fn best_width(scalars: usize) -> usize {
    let cost = |width: &usize| HALF_BITS.div_ceil(*width) * (2 * scalars + (3 << (width - 1)));
    (5..=16).min_by_key(cost).unwrap_or(5)
}

#[cfg(test)]
mod tests {
    use super::{best_width, lowest_digit};

    #[test]
    fn digits_make_up_the_number_and_the_last_one_fits() {
        for width in 5..=16 {
            for value in [
                0,
                1,
                31,
                32,
                32_768,
                65_535,
                (3 << 125) - 1,
                (1 << 126) + 12_345,
                u128::from(u64::MAX),
            ] {
                let (mut rest, mut digits) = (value, Vec::new());
                while rest != 0 {
                    let (digit, left) = lowest_digit(rest, width);
                    digits.push(digit);
                    rest = left;
                }
                assert!(digits.len() <= 128usize.div_ceil(width));
                let back = digits.iter().rev().fold(0i128, |sum, &digit| {
                    sum.wrapping_shl(width as u32).wrapping_add(i128::from(digit))
                });
                assert_eq!(back as u128, value);
            }
        }
    }

    #[test]
    fn half_a_million_scalars_take_windows_of_sixteen_bits() {
        assert_eq!(best_width(500_000), 16);
        assert!(best_width(1000) < 11);
    }
}
