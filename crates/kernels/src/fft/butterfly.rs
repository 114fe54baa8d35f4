//! The transform of one short column, eight columns at a time.
//!
//! Both directions use the butterfly `(a + ω·b, a - ω·b)`, which lets values grow by at most `2p` a layer: twelve layers
//! stay loose without any reduction.

use super::plan::Roots;
use crate::lanes::{Kernel, PrimeLanes};

/// Values in order to coefficients in bit-reversed order, not divided by the length.
pub(super) struct Backward<'a, F> {
    pub(super) values: &'a mut [F],
    pub(super) roots: &'a Roots,
}

impl<F: PrimeLanes> Kernel for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, roots } = self;
        let mut half = values.len() / 2;
        while half > 0 {
            for (block, pair) in values.chunks_exact_mut(2 * half).enumerate() {
                let root = F::splat(&roots.inverse[block]);
                let (low, high) = pair.split_at_mut(half);
                for (a, b) in low.iter_mut().zip(high) {
                    butterfly(a, b, root);
                }
            }
            half /= 2;
        }
    }
}

/// Coefficients in bit-reversed order to values in order.
pub(super) struct Forward<'a, F> {
    pub(super) values: &'a mut [F],
    pub(super) roots: &'a Roots,
}

impl<F: PrimeLanes> Kernel for Forward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, roots } = self;
        let length = values.len();
        let mut half = 1;
        while half < length {
            let step = length / 2 / half;
            for pair in values.chunks_exact_mut(2 * half) {
                let (low, high) = pair.split_at_mut(half);
                for (i, (a, b)) in low.iter_mut().zip(high).enumerate() {
                    butterfly(a, b, F::splat(&roots.forward[i * step]));
                }
            }
            half *= 2;
        }
    }
}

#[inline(always)]
fn butterfly<F: PrimeLanes>(a: &mut F, b: &mut F, root: F) {
    let turned = root.times(*b);
    *b = a.less(turned);
    *a = a.plus(turned);
}
