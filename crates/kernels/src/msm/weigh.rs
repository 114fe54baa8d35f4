//! The sum of the buckets times their digits.
//!
//! First the second half's buckets join the first half's through the endomorphism. Then one fold for each bit of the
//! bucket's number: the upper half of every row is added to its lower half, and the upper half of the first row stays
//! behind as a new row. In the end place `2^j` holds the sum of all buckets whose number has bit `j`, and place zero
//! the sum of all: two additions a bucket, all of them in large batches.

use ark_ec::AdditiveGroup;

use super::additions::{Batch, Points, Scratch, Sums, add};
use crate::curve::{Curve, Point};
use crate::lanes::{Kernel, LANES, Lanes, Machine, Mask};

/// `Σ (i + 1)·(B[i] + λ·B[i + n/2])` over the first half of `n` buckets.
pub(super) fn weigh<M: Machine, C: Curve>(buckets: Sums<C::Lanes<M::Base>>) -> C::Projective {
    let endomorphism = C::endomorphism::<M::Base>();
    let sums = C::Lanes::<M::Base>::vectorize(Fold { buckets, endomorphism });

    let place = |vector: usize| -> Vec<C::Projective> {
        let Points { x, y } = sums.points[vector];
        let points = x
            .unpack()
            .into_iter()
            .zip(y.unpack())
            .map(|(x, y)| C::unpack::<M::Base>(&Point { x, y }));
        let present = (0..LANES).map(|lane| sums.present[vector] >> lane & 1 == 1);
        points
            .zip(present)
            .map(|(point, there)| if there { point.into() } else { C::Projective::ZERO })
            .collect()
    };
    // Bucket number `8·vector + lane`: bits of the vector from the folded rows, bits of the lane here.
    let all = place(0);
    let mut total: C::Projective = all.iter().sum();
    for (lane, sum) in all.iter().enumerate() {
        total += (0..lane).map(|_| sum).sum::<C::Projective>();
    }
    let vectors = sums.points.len() / 2;
    let mut high = C::Projective::ZERO;
    let mut bit = vectors / 2;
    while bit > 0 {
        high.double_in_place();
        high += place(bit).iter().sum::<C::Projective>();
        bit /= 2;
    }
    for _ in 0..LANES.ilog2() {
        high.double_in_place();
    }
    total + high
}

/// Folds all buckets until only the powers of two are left.
struct Fold<F: Lanes> {
    buckets: Sums<F>,
    endomorphism: F::Packed,
}

impl<F: Lanes> Kernel for Fold<F> {
    type Output = Sums<F>;

    #[inline(always)]
    fn run(self) -> Sums<F> {
        let mut sums = self.buckets;
        let half = sums.points.len() / 2;
        let endomorphism = F::splat(&self.endomorphism);
        for points in &mut sums.points[half..] {
            points.x = endomorphism.times(points.x);
        }
        let mut scratch = Scratch::new();
        add(&mut sums, &Rows { rows: 1, half }, &mut scratch);
        let mut rows = 1;
        let mut half = half / 2;
        while half > 0 {
            add(&mut sums, &Rows { rows, half }, &mut scratch);
            rows += 1;
            half /= 2;
        }
        sums
    }
}

/// One fold. Row zero begins at zero, row `r` at `half·2^(rows - r)`; each is twice `half` long.
struct Rows {
    rows: usize,
    half: usize,
}

impl<F: Lanes> Batch<F> for Rows {
    #[inline(always)]
    fn len(&self) -> usize {
        self.rows * self.half
    }

    #[inline(always)]
    fn target(&self, i: usize) -> usize {
        let (row, place) = (i / self.half, i % self.half);
        if row == 0 {
            place
        } else {
            (self.half << (self.rows - row)) + place
        }
    }

    #[inline(always)]
    fn present(&self, sums: &Sums<F>, i: usize) -> Mask {
        sums.present[Batch::<F>::target(self, i) + self.half]
    }

    #[inline(always)]
    fn x(&self, sums: &Sums<F>, i: usize) -> F {
        sums.points[Batch::<F>::target(self, i) + self.half].x
    }

    #[inline(always)]
    fn points(&self, sums: &Sums<F>, i: usize) -> Points<F> {
        sums.points[Batch::<F>::target(self, i) + self.half]
    }
}
