//! The signed digits of all scalars of a sum.

use rayon::prelude::*;

use super::split::split;
use crate::field::Limbs;

/// Scalars whose digits lie together in memory.
const BLOCK: usize = 4096;
/// The bits that all windows of a half hold at least. A half is below `3·2^125` in size, so even its last
/// digit stays in range after a carry.
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
                    for (half, mut rest) in split(&integer(scalar)).into_iter().enumerate() {
                        let mut window = 0;
                        while rest != 0 {
                            let digit;
                            (digit, rest) = lowest_digit(rest, width);
                            block[(window * 2 + half) * BLOCK + i] = digit;
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

/// The lowest signed digit of a number of either sign, and what is left above it.
#[inline(always)]
fn lowest_digit(value: i128, width: usize) -> (i16, i128) {
    let spare = 16 - width;
    let digit = (value as i16) << spare >> spare;
    (digit, (value - i128::from(digit)) >> width)
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
            let sizes = [
                0,
                1,
                31,
                32,
                32_767,
                32_768,
                32_769,
                65_535,
                (3 << 125) - 1,
                (1 << 126) + 12_345,
                0x8000 << 64,
            ];
            for value in sizes.into_iter().flat_map(|size: i128| [size, -size]) {
                let (mut rest, mut digits) = (value, Vec::new());
                while rest != 0 {
                    let (digit, left) = lowest_digit(rest, width);
                    digits.push(digit);
                    rest = left;
                }
                assert!(digits.len() <= 128usize.div_ceil(width));
                assert!(
                    digits
                        .iter()
                        .all(|digit| usize::from(digit.unsigned_abs()) <= 1 << (width - 1))
                );
                let back = digits
                    .iter()
                    .rev()
                    .fold(0i128, |sum, &digit| (sum << width) + i128::from(digit));
                assert_eq!(back, value);
            }
        }
    }

    #[test]
    fn half_a_million_scalars_take_windows_of_sixteen_bits() {
        assert_eq!(best_width(500_000), 16);
        assert!(best_width(1000) < 11);
    }
}
