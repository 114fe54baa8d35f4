//! Arithmetic on eight elements in five limbs of 52 bits, Montgomery radix `2^260`.
//!
//! With `p < 2^254`, a product of values below `a·p` and `b·p` comes out below `(1 + a·b/84)·p`. Limbs are always carried,
//! because the multiplier reads only 52 bits of each.

use std::marker::PhantomData;

use super::instructions::{
    Words, add, add_where, and, less_than, multiply_high, multiply_low, select, shift_right, shift_right_signed, splat,
    sub, sub_from_where, zero,
};
use super::memory::{LIMB, cut, gather, unpack};
use crate::field::Limbs;
use crate::field::limbs::canonical;
use crate::field::modulus::{Modulus, multiple, power_of_two};
use crate::lanes::portable::{inverse_of_each, lanes_where};
use crate::lanes::{ALL, Kernel, LANES, Lanes, Mask, PrimeLanes};

/// Five limbs from an expression in their index. A loop and not `array::from_fn`: closures are not inlined dependably, and
/// what is not inlined into a kernel is not compiled for its instructions.
macro_rules! limbs {
    ($i:ident => $limb:expr) => {{
        let mut limbs = [zero(); 5];
        for $i in 0..5 {
            limbs[$i] = $limb;
        }
        limbs
    }};
}

/// Eight elements of one prime field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limbs52<M> {
    limbs: [Words; 5],
    field: PhantomData<M>,
}

impl<M: Modulus> Limbs52<M> {
    const P: [u64; 5] = cut(M::P);
    const TWICE: [u64; 5] = cut(multiple::<M>(2));
    const THRICE: [u64; 5] = cut(multiple::<M>(3));
    const FOUR_TIMES: [u64; 5] = cut(multiple::<M>(4));
    const NEG_INV: u64 = M::NEG_INV & LIMB;
    /// Minus a tenth of the prime, in units of the top limb.
    const MINUS_TENTH: i64 = -((Self::P[4] / 10) as i64);

    #[inline(always)]
    fn new(limbs: [Words; 5]) -> Self {
        Self {
            limbs,
            field: PhantomData,
        }
    }

    /// Limbs of a constant in every lane.
    #[inline(always)]
    fn constant(limbs: [u64; 5]) -> [Words; 5] {
        limbs!(i => splat(limbs[i]))
    }

    /// Carries limbs that may be negative, but whose whole is not.
    #[inline(always)]
    fn carried(mut limbs: [Words; 5]) -> Self {
        for i in 0..4 {
            limbs[i + 1] = add(limbs[i + 1], shift_right_signed::<52>(limbs[i]));
            limbs[i] = and(limbs[i], splat(LIMB));
        }
        Self::new(limbs)
    }

    /// One step of Montgomery's reduction: makes the lowest limb divisible by `2^52` and carries it into the next.
    #[inline(always)]
    fn reduce_lowest(t: &mut [Words]) {
        let p = Self::constant(Self::P);
        let m = multiply_low(zero(), t[0], splat(Self::NEG_INV));
        for j in 0..5 {
            t[j] = multiply_low(t[j], m, p[j]);
        }
        for j in 0..5 {
            t[j + 1] = multiply_high(t[j + 1], m, p[j]);
        }
        t[1] = add(t[1], shift_right::<52>(t[0]));
    }

    /// `Σ a[k]·b[k]`, reduced.
    #[inline(always)]
    fn sum_of_products<const N: usize>(a: [&[Words; 5]; N], b: [&[Words; 5]; N]) -> Self {
        let mut t = [zero(); 6];
        for i in 0..5 {
            for k in 0..N {
                for j in 0..5 {
                    t[j] = multiply_low(t[j], b[k][j], a[k][i]);
                }
            }
            for k in 0..N {
                for j in 0..5 {
                    t[j + 1] = multiply_high(t[j + 1], b[k][j], a[k][i]);
                }
            }
            Self::reduce_lowest(&mut t);
            t = [t[1], t[2], t[3], t[4], t[5], zero()];
        }
        Self::carried([t[0], t[1], t[2], t[3], t[4]])
    }
}

impl<M: Modulus> Lanes for Limbs52<M> {
    type Packed = Limbs;

    #[inline(always)]
    fn vectorize<K: Kernel>(kernel: K) -> K::Output {
        super::run(kernel)
    }

    #[inline(always)]
    fn zero() -> Self {
        Self::new([zero(); 5])
    }

    #[inline(always)]
    fn one() -> Self {
        Self::new(Self::constant(const { cut(power_of_two::<M>(260)) }))
    }

    #[inline(always)]
    fn splat(element: &Limbs) -> Self {
        Self::new(Self::constant(cut(*element)))
    }

    #[inline(always)]
    fn gather(places: [&Limbs; LANES]) -> Self {
        Self::new(gather(places))
    }

    #[inline(always)]
    fn unpack(self) -> [Limbs; LANES] {
        unpack(self.limbs)
    }

    #[inline(always)]
    fn copy_lane(&mut self, lane: usize, from: &Self, from_lane: usize) {
        super::instructions::copy_lane(&mut self.limbs, lane, &from.limbs, from_lane);
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        Self::sum_of_products([&self.limbs], [&other.limbs])
    }

    #[inline(always)]
    fn squared(self) -> Self {
        let a = self.limbs;
        // Products of different limbs once, then doubled, then the squares of limbs.
        let mut t = [zero(); 10];
        for i in 0..5 {
            for j in i + 1..5 {
                t[i + j] = multiply_low(t[i + j], a[i], a[j]);
                t[i + j + 1] = multiply_high(t[i + j + 1], a[i], a[j]);
            }
        }
        for limb in &mut t {
            *limb = add(*limb, *limb);
        }
        for i in 0..5 {
            t[2 * i] = multiply_low(t[2 * i], a[i], a[i]);
            t[2 * i + 1] = multiply_high(t[2 * i + 1], a[i], a[i]);
        }
        for i in 0..5 {
            Self::reduce_lowest(&mut t[i..]);
        }
        Self::carried([t[5], t[6], t[7], t[8], t[9]])
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self::carried(limbs!(i => add(self.limbs[i], other.limbs[i])))
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self {
        let offset = Self::constant(Self::TWICE);
        Self::carried(limbs!(i => add(self.limbs[i], sub(offset[i], other.limbs[i]))))
    }

    #[inline(always)]
    fn gap(self, other: Self) -> Self {
        let offset = Self::constant(Self::FOUR_TIMES);
        Self::carried(limbs!(i => add(self.limbs[i], sub(offset[i], other.limbs[i]))))
    }

    #[inline(always)]
    fn minus_both(self, a: Self, b: Self) -> Self {
        // Between -7p and 1.4p. The top limb, even before carrying, says where: from below -3.9p add 7p, from below -p
        // add 4p, else 2p. The result is below 3.4p.
        let mut t = limbs!(i => sub(self.limbs[i], add(a.limbs[i], b.limbs[i])));
        let low = less_than(t[4], splat((10 * Self::MINUS_TENTH) as u64));
        let lowest = less_than(t[4], splat((39 * Self::MINUS_TENTH) as u64));
        let (twice, thrice) = (Self::constant(Self::TWICE), Self::constant(Self::THRICE));
        for i in 0..5 {
            t[i] = add(t[i], twice[i]);
            t[i] = add_where(low, t[i], twice[i]);
            t[i] = add_where(lowest, t[i], thrice[i]);
        }
        Self::carried(t)
    }

    #[inline(always)]
    fn minus(self, a: Self) -> Self {
        // Between -2.5p and 1.4p: from below -p/2 add 3p, else p. The result is below 2.5p.
        let mut t = limbs!(i => sub(self.limbs[i], a.limbs[i]));
        let low = less_than(t[4], splat((5 * Self::MINUS_TENTH) as u64));
        let (once, twice) = (Self::constant(Self::P), Self::constant(Self::TWICE));
        for i in 0..5 {
            t[i] = add(t[i], once[i]);
            t[i] = add_where(low, t[i], twice[i]);
        }
        Self::carried(t)
    }

    #[inline(always)]
    fn flip(self, mask: Mask) -> Self {
        let twice = Self::constant(Self::TWICE);
        Self::carried(limbs!(i => sub_from_where(mask, self.limbs[i], twice[i])))
    }

    #[inline(always)]
    fn select(mask: Mask, yes: Self, no: Self) -> Self {
        Self::new(limbs!(i => select(mask, yes.limbs[i], no.limbs[i])))
    }

    #[inline(always)]
    fn zero_lanes(self) -> Mask {
        // Loose values need not fit four limbs.
        zeros::<M>(&self.tighten().unpack())
    }

    #[inline(always)]
    fn inverse(self) -> Self {
        Self::load(&inverse_of_each::<M, 520>(&self.unpack()))
    }
}

impl<M: Modulus> PrimeLanes for Limbs52<M> {
    const RADIX: usize = 260;

    #[inline(always)]
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self {
        Self::sum_of_products([&a.limbs, &c.limbs], [&b.limbs, &d.limbs])
    }

    #[inline(always)]
    fn product_of_pairs(a: &[Self; 2], b: &[Self; 2]) -> [Self; 2] {
        super::run(ProductOfPairs { a, b })
    }
}

#[inline(never)]
fn zeros<M: Modulus>(lanes: &[Limbs; LANES]) -> Mask {
    lanes_where(lanes, |x| canonical::<M>(x) == [0; 4])
}

/// Out of line: formulas over pairs would be too long to compile and to keep in the instruction cache.
struct ProductOfPairs<'a, M> {
    a: &'a [Limbs52<M>; 2],
    b: &'a [Limbs52<M>; 2],
}

impl<M: Modulus> Kernel for ProductOfPairs<'_, M> {
    type Output = [Limbs52<M>; 2];

    #[inline(always)]
    fn run(self) -> [Limbs52<M>; 2] {
        let ([a0, a1], [b0, b1]) = (*self.a, *self.b);
        // Schoolbook: one reduction for two products makes it as cheap as Karatsuba, without the sums.
        [Limbs52::dot(a0, b0, a1.flip(ALL), b1), Limbs52::dot(a0, b1, a1, b0)]
    }
}
