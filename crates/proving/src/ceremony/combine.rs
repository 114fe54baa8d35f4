//! Random combinations of many points.
//!
//! Two lists of points that differ anywhere have the same random combination with a chance of about
//! 2^-128. So a single sum stands for a comparison point by point, whatever the points are made of.

use std::ops::Range;

use ark_bn254::{Bn254, Fr, G1Affine, G2Affine};
use ark_ec::pairing::Pairing;
use ark_ec::{AffineRepr, VariableBaseMSM};
use ark_ff::Zero;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::error::CeremonyError;
use crate::formats::{FilePoint, FormatError, PointList};
use crate::setup::NoRandomness;

/// Points in memory at a time.
const PIECE: usize = 1 << 16;

/// A source of weights that nobody who made the files could foresee.
pub(super) struct Weights(ChaCha20Rng);

impl Weights {
    /// Seeds it from the operating system.
    pub(super) fn draw() -> Result<Self, NoRandomness> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| NoRandomness::because(&error))?;
        Ok(Self(ChaCha20Rng::from_seed(seed)))
    }

    /// Weights of 128 bits, none of them zero.
    pub(super) fn take(&mut self, count: usize) -> Vec<Fr> {
        let mut one = || u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64()) | 1;
        (0..count).map(|_| Fr::from(one())).collect()
    }
}

/// The sum of a list's points, each times its scalar; points without a scalar are left out.
///
/// Every point that counts is known to be in its group afterwards.
pub(super) fn combine<P>(list: &PointList<'_, P>, scalars: &[Fr]) -> Result<P::Group, FormatError>
where
    P: FilePoint,
    P::Group: VariableBaseMSM<MulBase = P>,
{
    let mut sum = P::Group::zero();
    for (piece, scalars) in scalars.chunks(PIECE).enumerate() {
        if scalars.iter().all(Fr::is_zero) {
            continue;
        }
        let start = piece * PIECE;
        let points = list.read(start..start + scalars.len())?;
        let stranger = points.par_iter().position_first(|point| !point.is_in_group());
        if let Some(index) = stranger {
            return Err(list.wrong_point(start + index, "a point that is not in the group"));
        }
        sum += P::Group::msm_unchecked(&points, scalars);
    }
    Ok(sum)
}

/// Weights that count only in a range.
pub(super) fn within(weights: &[Fr], range: &Range<usize>) -> Vec<Fr> {
    let each = |(index, weight): (usize, &Fr)| if range.contains(&index) { *weight } else { Fr::zero() };
    weights.iter().enumerate().map(each).collect()
}

/// The first of `count` places at which `agrees` says no, found by halving; nothing if it says yes
/// to all of them together.
pub(super) fn first_difference(
    count: usize,
    agrees: impl Fn(Range<usize>) -> Result<bool, CeremonyError>,
) -> Result<Option<usize>, CeremonyError> {
    let mut range = 0..count;
    if agrees(range.clone())? {
        return Ok(None);
    }
    while range.len() > 1 {
        let middle = range.start + range.len() / 2;
        if agrees(range.start..middle)? {
            range.start = middle;
        } else {
            range.end = middle;
        }
    }
    Ok(Some(range.start))
}

/// Whether `a · b = c · d` in the exponents.
pub(super) fn same_product(a: impl Into<G1Affine>, b: G2Affine, c: impl Into<G1Affine>, d: G2Affine) -> bool {
    Bn254::multi_pairing([a.into(), -c.into()], [b, d]).is_zero()
}

/// Whether `secret` times `base` is `product`, given the same in the other group; none may be zero.
pub(super) fn same_ratio(base: G1Affine, product: G1Affine, base2: G2Affine, product2: G2Affine) -> bool {
    let nothing = base.is_zero() || product.is_zero() || base2.is_zero() || product2.is_zero();
    !nothing && same_product(base, product2, product, base2)
}
