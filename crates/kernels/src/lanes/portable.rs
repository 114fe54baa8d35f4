//! Eight elements as eight times four 64-bit limbs: works everywhere.
//!
//! Everything is kept below `2p`, which satisfies every contract of [`Lanes`].

use std::marker::PhantomData;

use super::{Kernel, LANES, Lanes, Machine, Mask, PrimeLanes};
use crate::field::Limbs;
use crate::field::inverse::inverse;
use crate::field::limbs::{canonical, difference, product, sum};
use crate::field::modulus::{Base, Modulus, Scalar, power_of_two};

/// 64-bit arithmetic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

impl Machine for Portable {
    type Base = Words<Base>;
    type Scalar = Words<Scalar>;
}

/// Eight elements of one prime field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<M> {
    lanes: [Limbs; LANES],
    field: PhantomData<M>,
}

impl<M: Modulus> Words<M> {
    #[inline(always)]
    fn new(lanes: [Limbs; LANES]) -> Self {
        Self {
            lanes,
            field: PhantomData,
        }
    }
}

// Kept out of line: eight copies of these in every formula would take long to compile and not fit the instruction cache.

#[inline(never)]
fn products<M: Modulus>(a: &[Limbs; LANES], b: &[Limbs; LANES]) -> [Limbs; LANES] {
    let mut out = [[0; 4]; LANES];
    for i in 0..LANES {
        out[i] = product::<M>(&a[i], &b[i]);
    }
    out
}

#[inline(never)]
fn sums<M: Modulus>(a: &[Limbs; LANES], b: &[Limbs; LANES]) -> [Limbs; LANES] {
    let mut out = [[0; 4]; LANES];
    for i in 0..LANES {
        out[i] = sum::<M>(&a[i], &b[i]);
    }
    out
}

#[inline(never)]
fn differences<M: Modulus>(a: &[Limbs; LANES], b: &[Limbs; LANES]) -> [Limbs; LANES] {
    let mut out = [[0; 4]; LANES];
    for i in 0..LANES {
        out[i] = difference::<M>(&a[i], &b[i]);
    }
    out
}

impl<M: Modulus> Lanes for Words<M> {
    type Packed = Limbs;

    #[inline(always)]
    fn vectorize<K: Kernel>(kernel: K) -> K::Output {
        kernel.run()
    }

    #[inline(always)]
    fn zero() -> Self {
        Self::new([[0; 4]; LANES])
    }

    #[inline(always)]
    fn one() -> Self {
        Self::new([const { power_of_two::<M>(256) }; LANES])
    }

    #[inline(always)]
    fn splat(element: &Limbs) -> Self {
        Self::new([*element; LANES])
    }

    #[inline(always)]
    fn gather(places: [&Limbs; LANES]) -> Self {
        Self::new(places.map(|place| *place))
    }

    #[inline(always)]
    fn unpack(self) -> [Limbs; LANES] {
        self.lanes
    }

    #[inline(always)]
    fn copy_lane(&mut self, lane: usize, from: &Self, from_lane: usize) {
        self.lanes[lane] = from.lanes[from_lane];
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        Self::new(products::<M>(&self.lanes, &other.lanes))
    }

    #[inline(always)]
    fn squared(self) -> Self {
        self.times(self)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self::new(sums::<M>(&self.lanes, &other.lanes))
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self {
        Self::new(differences::<M>(&self.lanes, &other.lanes))
    }

    #[inline(always)]
    fn gap(self, other: Self) -> Self {
        self.less(other)
    }

    #[inline(always)]
    fn minus_both(self, a: Self, b: Self) -> Self {
        self.less(a).less(b)
    }

    #[inline(always)]
    fn minus(self, a: Self) -> Self {
        self.less(a)
    }

    #[inline(always)]
    fn flip(self, mask: Mask) -> Self {
        if mask == 0 {
            self
        } else {
            Self::select(mask, Self::zero().less(self), self)
        }
    }

    #[inline(always)]
    fn select(mask: Mask, yes: Self, no: Self) -> Self {
        Self::new(std::array::from_fn(|i| {
            if mask >> i & 1 == 1 { yes.lanes[i] } else { no.lanes[i] }
        }))
    }

    fn zero_lanes(self) -> Mask {
        lanes_where(&self.lanes, |x| canonical::<M>(x) == [0; 4])
    }

    fn inverse(self) -> Self {
        Self::new(inverse_of_each::<M, 512>(&self.lanes))
    }
}

impl<M: Modulus> PrimeLanes for Words<M> {
    const RADIX: usize = 256;

    #[inline(always)]
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self {
        a.times(b).plus(c.times(d))
    }

    #[inline(always)]
    fn product_of_pairs(a: &[Self; 2], b: &[Self; 2]) -> [Self; 2] {
        // Karatsuba: three products, where sums and differences are cheap.
        let (low, high) = (a[0].times(b[0]), a[1].times(b[1]));
        let cross = a[0].plus(a[1]).times(b[0].plus(b[1]));
        [low.less(high), cross.less(low).less(high)]
    }
}

/// The set of lanes for which something holds.
pub(crate) fn lanes_where<T>(lanes: &[T; LANES], holds: impl Fn(&T) -> bool) -> Mask {
    lanes
        .iter()
        .enumerate()
        .fold(0, |mask, (i, x)| mask | (Mask::from(holds(x)) << i))
}

/// `xᵢ⁻¹·2^EXPONENT` for each `i`, zero for zero, with one inversion; of values below `2p`.
#[inline(never)]
pub(crate) fn inverse_of_each<M: Modulus, const EXPONENT: usize>(xs: &[Limbs; LANES]) -> [Limbs; LANES] {
    let zeros = lanes_where(xs, |x| canonical::<M>(x) == [0; 4]);
    let mut before = [[0; 4]; LANES];
    let mut running = const { power_of_two::<M>(256) };
    for i in 0..LANES {
        before[i] = running;
        if zeros >> i & 1 == 0 {
            running = product::<M>(&running, &xs[i]);
        }
    }
    let mut left = inverse::<M, EXPONENT>(&running);
    let mut out = [[0; 4]; LANES];
    for i in (0..LANES).rev() {
        if zeros >> i & 1 == 0 {
            out[i] = product::<M>(&left, &before[i]);
            left = product::<M>(&left, &xs[i]);
        }
    }
    out
}
