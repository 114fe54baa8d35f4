//! From four 64-bit limbs to five of 52 bits and back.

use super::instructions::{Words, and, load_transposed, or, shift_left, shift_right, splat, store_transposed};
use crate::field::Limbs;
use crate::lanes::LANES;

/// The 52 low bits.
pub(super) const LIMB: u64 = (1 << 52) - 1;

/// Five limbs of 52 bits, at compile time.
pub(super) const fn cut(x: Limbs) -> [u64; 5] {
    [
        x[0] & LIMB,
        ((x[0] >> 52) | (x[1] << 12)) & LIMB,
        ((x[1] >> 40) | (x[2] << 24)) & LIMB,
        ((x[2] >> 28) | (x[3] << 36)) & LIMB,
        x[3] >> 16,
    ]
}

/// Eight elements from their places.
#[inline(always)]
pub(super) fn gather(places: [&Limbs; LANES]) -> [Words; 5] {
    let [a, b, c, d] = load_transposed(places);
    let limb = splat(LIMB);
    [
        and(a, limb),
        and(or(shift_right::<52>(a), shift_left::<12>(b)), limb),
        and(or(shift_right::<40>(b), shift_left::<24>(c)), limb),
        and(or(shift_right::<28>(c), shift_left::<36>(d)), limb),
        shift_right::<16>(d),
    ]
}

/// Eight elements below `2^256`, one after the other.
#[inline(always)]
pub(super) fn unpack(x: [Words; 5]) -> [Limbs; LANES] {
    let [a, b, c, d, e] = x;
    store_transposed([
        or(a, shift_left::<52>(b)),
        or(shift_right::<12>(b), shift_left::<40>(c)),
        or(shift_right::<24>(c), shift_left::<28>(d)),
        or(shift_right::<36>(d), shift_left::<16>(e)),
    ])
}
