//! Eight field elements handled together.
//!
//! The algorithms of this crate are written over the [`Lanes`] trait. A value is eight elements in Montgomery
//! form, in whatever shape suits the instructions, reduced only as far as needed. How far is part of each
//! operation's contract:
//!
//! - *tight*: below `2p`, what products give;
//! - *coordinate*: below `3.5p`, what a point's coordinates are kept at;
//! - *loose*: anything a product accepts as its right-hand side, at least `16p`.
//!
//! Rooms: `portable` (64-bit arithmetic), `quadratic` (the extension field of G2, over any of the others),
//! and, beside this module, `ifma`.

pub(crate) mod portable;
pub(crate) mod quadratic;

use crate::field::Limbs;

/// How many elements are handled together.
pub(crate) const LANES: usize = 8;

/// A set of lanes, lane `i` being bit `i`.
pub(crate) type Mask = u8;

/// Every lane.
pub(crate) const ALL: Mask = 0xff;

/// Work to be compiled for the instructions of one [`Lanes`] type.
///
/// `run` and everything below it should be inlined, or it is compiled for the lowest common machine.
pub(crate) trait Kernel {
    /// What it gives.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}

/// Eight elements of one field.
pub(crate) trait Lanes: Copy + Send + Sync + 'static {
    /// One element at rest: limbs below `2^256` in this type's Montgomery form.
    type Packed: Copy + Send + Sync + PartialEq + Default + std::fmt::Debug + 'static;

    /// Runs a kernel with this type's instructions enabled.
    fn vectorize<K: Kernel>(kernel: K) -> K::Output;

    /// Zero in every lane.
    fn zero() -> Self;
    /// One in every lane.
    fn one() -> Self;
    /// The same element in every lane.
    fn splat(element: &Self::Packed) -> Self;
    /// Lane `i` from the `i`-th place.
    fn gather(places: [&Self::Packed; LANES]) -> Self;
    /// Eight elements lying one after the other.
    #[inline(always)]
    fn load(row: &[Self::Packed; LANES]) -> Self {
        let [a, b, c, d, e, f, g, h] = row;
        Self::gather([a, b, c, d, e, f, g, h])
    }
    /// The elements of a coordinate, lane by lane.
    fn unpack(self) -> [Self::Packed; LANES];
    /// Copies one lane of `from` into one lane of `self`.
    fn copy_lane(&mut self, lane: usize, from: &Self, from_lane: usize);

    /// `self · other`, tight; `self` tight, `other` loose.
    fn times(self, other: Self) -> Self;
    /// `self²`, tight; of a tight value.
    fn squared(self) -> Self;
    /// `self + other`: the bounds add up. Never reduced where the type has room for the growth.
    fn plus(self, other: Self) -> Self;
    /// `self - other` plus `2p`, for a tight `other`.
    fn less(self, other: Self) -> Self;
    /// `self - other` plus `4p`, for two coordinates: loose.
    fn gap(self, other: Self) -> Self;
    /// `self - a - b` brought back to a coordinate; `self` tight, `a` and `b` coordinates.
    fn minus_both(self, a: Self, b: Self) -> Self;
    /// `self - a` brought back to below `2.5p`; `self` tight, `a` below `2.5p`.
    fn minus(self, a: Self) -> Self;
    /// The tight value negated in the lanes of the mask.
    fn flip(self, mask: Mask) -> Self;
    /// `yes` in the lanes of the mask, `no` in the others.
    fn select(mask: Mask, yes: Self, no: Self) -> Self;

    /// The lanes that are zero modulo the prime; for coordinates, slow.
    fn zero_lanes(self) -> Mask;
    /// The inverse of each lane, tight; of a tight value. Zero for zero.
    fn inverse(self) -> Self;
}

/// Lanes over a prime field.
pub(crate) trait PrimeLanes: Lanes<Packed = Limbs> {
    /// The bits of the Montgomery radix.
    const RADIX: usize;
    /// `a·b + c·d`, tight; `a` and `c` tight, `b` and `d` loose.
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self;
    /// The product in the extension by a square root of minus one, tight; `a` tight, `b` loose.
    fn product_of_pairs(a: &[Self; 2], b: &[Self; 2]) -> [Self; 2];
    /// Brings a loose value to a tight one.
    #[inline(always)]
    fn tighten(self) -> Self {
        Self::one().times(self)
    }
}

/// Both fields of the curve for one set of instructions.
pub(crate) trait Machine: Copy + Send + Sync + 'static {
    /// Coordinates of G1.
    type Base: PrimeLanes;
    /// Scalars.
    type Scalar: PrimeLanes;
}

/// Asks for the cache line of a value that will be needed soon.
#[inline(always)]
pub(crate) fn prefetch<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "the prefetch hint has no safe form")]
    // SAFETY: a hint on the address of a live reference; it reads nothing and cannot fault.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
