//! Sums of points times scalars (Pippenger's buckets, with batches of affine additions).
//!
//! A scalar is split in two halves by the curve's endomorphism, each half written in signed digits of a window's
//! width. For every window, the points are sorted into lists by digit; each list is summed by affine additions,
//! thousands of them sharing one inversion; the sums are weighted by their digits. Digits and lists depend on
//! the scalars only, so sums over different points with the same scalars share them.
//!
//! - `split`     a scalar as `k1 + k2·λ` with halves of half its length
//! - `digits`    all scalars' signed digits
//! - `lists`     one window's entries, sorted by digit
//! - `table`     points at rest, those at infinity left out
//! - `additions` many affine additions with one inversion
//! - `gather`    the sum of every list
//! - `weigh`     the sum of the lists' sums times their digits

mod additions;
mod digits;
mod gather;
mod lists;
mod split;
mod table;
mod weigh;

#[cfg(test)]
mod tests;

use ark_ec::AdditiveGroup;
use rayon::prelude::*;

use crate::curve::Curve;
use crate::lanes::Machine;

pub(crate) use digits::Digits;
pub(crate) use lists::{Lists, turn_counts_into_starts};
#[cfg(test)]
pub(crate) use split::LAMBDA;
pub(crate) use table::Table;

/// The sum over one window: points of `table` times their digits in that window.
pub(crate) fn window_sum<M: Machine, C: Curve>(lists: &Lists, table: &Table<C>) -> C::Projective {
    let lists = table.filter(lists);
    weigh::weigh::<M, C>(gather::sums_of_lists::<M, C>(&lists, table.points()))
}

/// `Σ 2^(width·window)·sums[window]`.
pub(crate) fn join_windows<C: Curve>(
    digits: &Digits,
    sums: impl DoubleEndedIterator<Item = C::Projective>,
) -> C::Projective {
    sums.rev().fold(C::Projective::ZERO, |mut total, sum| {
        for _ in 0..digits.width() {
            total.double_in_place();
        }
        total + sum
    })
}

/// `Σ scalar·point`, for one table.
pub(crate) fn sum<M: Machine, C: Curve>(digits: &Digits, table: &Table<C>) -> C::Projective {
    let sums: Vec<_> = (0..digits.windows())
        .into_par_iter()
        .map(|w| window_sum::<M, C>(&Lists::new(digits, w), table))
        .collect();
    join_windows::<C>(digits, sums.into_iter())
}
