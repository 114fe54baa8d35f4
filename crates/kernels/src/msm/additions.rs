//! Many affine additions with one inversion (Montgomery's trick), eight at a time.
//!
//! `(x1, y1) + (x2, y2)` needs `1 / (x2 - x1)`. All differences of a batch are multiplied up, the product is inverted once,
//! and a second pass, backwards, takes each difference's inverse out of it: six products an addition.

use crate::lanes::{ALL, Kernel, Lanes, Mask};

/// Eight affine points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points<F> {
    pub(crate) x: F,
    pub(crate) y: F,
}

/// Running sums, and which of them are not at infinity.
#[derive(Debug)]
pub(crate) struct Sums<F> {
    pub(crate) points: Vec<Points<F>>,
    pub(crate) present: Vec<Mask>,
}

impl<F: Lanes> Sums<F> {
    /// So many times eight sums, all at infinity.
    pub(crate) fn at_infinity(vectors: usize) -> Self {
        Self {
            points: vec![
                Points {
                    x: F::zero(),
                    y: F::zero()
                };
                vectors
            ],
            present: vec![0; vectors],
        }
    }
}

/// What is added to what in a batch of vectors. No sum may be the target of two additions of a batch.
pub(crate) trait Batch<F: Lanes> {
    /// How many vectors.
    fn len(&self) -> usize;
    /// The index of the sums that the `i`-th vector is added to.
    fn target(&self, i: usize) -> usize;
    /// Which lanes have something to add.
    fn present(&self, sums: &Sums<F>, i: usize) -> Mask;
    /// The `x` of what is added.
    fn x(&self, sums: &Sums<F>, i: usize) -> F;
    /// What is added.
    fn points(&self, sums: &Sums<F>, i: usize) -> Points<F>;
}

/// Independent running products: one alone would wait for each of its multiplications to end.
const CHAINS: usize = 4;

/// Memory that batches use again and again.
#[derive(Debug)]
pub(crate) struct Scratch<F> {
    before: Vec<F>,
    equal: Vec<Equal>,
}

/// The lanes of a vector where both points have the same `x`.
#[derive(Clone, Copy, Debug, Default)]
struct Equal {
    /// Both are the same point, which must be doubled.
    same: Mask,
    /// One is the negative of the other, and the sum is at infinity.
    opposite: Mask,
}

impl<F: Lanes> Scratch<F> {
    pub(crate) fn new() -> Self {
        Self {
            before: Vec::new(),
            equal: Vec::new(),
        }
    }
}

/// Adds a batch.
#[inline(always)]
pub(crate) fn add<F: Lanes, B: Batch<F>>(sums: &mut Sums<F>, batch: &B, scratch: &mut Scratch<F>) {
    scratch.equal.clear();
    let mut chains = multiply_up::<F, B, false>(sums, batch, scratch);
    let mut inverses = F::vectorize(Invert(chains));
    if inverses.1 {
        // A difference is zero somewhere, which ordinary data never shows: look at each one.
        chains = multiply_up::<F, B, true>(sums, batch, scratch);
        inverses = F::vectorize(Invert(chains));
    }
    let mut left = inverses.0;
    for i in (0..batch.len()).rev() {
        let target = batch.target(i);
        let a = sums.points[target];
        let b = batch.points(sums, i);
        let (has_a, has_b) = (sums.present[target], batch.present(sums, i));
        let equal = scratch.equal.get(i).copied().unwrap_or_default();

        let difference = denominator(&a, b.x, b.y, has_a & has_b, equal);
        let inverse = left[i % CHAINS].times(scratch.before[i]);
        left[i % CHAINS] = left[i % CHAINS].times(difference);

        let mut rise = b.y.gap(a.y);
        if equal.same != 0 {
            rise = F::select(equal.same, F::vectorize(Tangent(a.x)), rise);
        }
        let slope = inverse.times(rise);
        let x = slope.squared().minus_both(a.x, b.x);
        let y = slope.times(a.x.gap(x)).minus(a.y);
        let both = has_a & has_b;
        sums.points[target] = if both == ALL {
            Points { x, y }
        } else {
            Points {
                x: F::select(both, x, F::select(has_a, a.x, b.x)),
                y: F::select(both, y, F::select(has_a, a.y, b.y)),
            }
        };
        sums.present[target] = (has_a | has_b) & !equal.opposite;
    }
}

/// The running products of all denominators, leaving in `scratch` what stood before each.
#[inline(always)]
fn multiply_up<F: Lanes, B: Batch<F>, const CAREFUL: bool>(
    sums: &Sums<F>,
    batch: &B,
    scratch: &mut Scratch<F>,
) -> [F; CHAINS] {
    let mut chains = [F::one(); CHAINS];
    scratch.before.clear();
    scratch.before.reserve(batch.len());
    for i in 0..batch.len() {
        let target = batch.target(i);
        let a = sums.points[target];
        let both = sums.present[target] & batch.present(sums, i);
        let difference = if CAREFUL {
            let b = batch.points(sums, i);
            let equal = F::vectorize(Compare { a: &a, b: &b, both });
            scratch.equal.push(equal);
            denominator(&a, b.x, b.y, both, equal)
        } else {
            denominator(&a, batch.x(sums, i), F::zero(), both, Equal::default())
        };
        scratch.before.push(chains[i % CHAINS]);
        chains[i % CHAINS] = chains[i % CHAINS].times(difference);
    }
    chains
}

/// What an addition divides by: `x2 - x1`, `2y` when doubling, one where nothing is to be computed.
#[inline(always)]
fn denominator<F: Lanes>(a: &Points<F>, x: F, y: F, both: Mask, equal: Equal) -> F {
    let mut difference = x.gap(a.x);
    let ordinary = both & !equal.same & !equal.opposite;
    if ordinary != ALL {
        difference = F::select(ordinary, difference, F::one());
        if equal.same != 0 {
            difference = F::select(equal.same, y.plus(y), difference);
        }
    }
    difference
}

/// `3x²`, the rise of the tangent. Out of line, because it is hardly ever needed.
struct Tangent<F>(F);

impl<F: Lanes> Kernel for Tangent<F> {
    type Output = F;

    #[inline(always)]
    fn run(self) -> F {
        let square = F::one().times(self.0).squared();
        square.plus(square).plus(square)
    }
}

/// Which lanes hold the same or opposite points. Out of line for the same reason.
struct Compare<'a, F> {
    a: &'a Points<F>,
    b: &'a Points<F>,
    both: Mask,
}

impl<F: Lanes> Kernel for Compare<'_, F> {
    type Output = Equal;

    #[inline(always)]
    fn run(self) -> Equal {
        let equal = self.b.x.gap(self.a.x).zero_lanes() & self.both;
        let same = self.b.y.gap(self.a.y).zero_lanes() & equal;
        Equal {
            same,
            opposite: equal & !same,
        }
    }
}

/// The inverses of the running products, and whether any was zero. Out of line: once a batch.
struct Invert<F>([F; CHAINS]);

impl<F: Lanes> Kernel for Invert<F> {
    type Output = ([F; CHAINS], bool);

    #[inline(always)]
    fn run(self) -> ([F; CHAINS], bool) {
        let mut before = [F::one(); CHAINS];
        let mut all = F::one();
        for i in 0..CHAINS {
            before[i] = all;
            all = all.times(self.0[i]);
        }
        let zero = all.zero_lanes() != 0;
        let mut left = all.inverse();
        let mut inverses = before;
        for i in (0..CHAINS).rev() {
            inverses[i] = left.times(before[i]);
            left = left.times(self.0[i]);
        }
        (inverses, zero)
    }
}
