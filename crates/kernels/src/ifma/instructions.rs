//! The machine's operations on eight 64-bit words.
//!
//! Every function here needs the instruction sets that [`super::is_available`] checks. They are not marked so, because
//! such functions cannot be inlined everywhere; instead all code that reaches them runs in a kernel, or handles values
//! that a kernel has made.

use std::arch::x86_64::{
    __m512i, _mm256_loadu_si256, _mm512_add_epi64, _mm512_and_si512, _mm512_castsi256_si512, _mm512_cmplt_epi64_mask,
    _mm512_inserti64x4, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_add_epi64, _mm512_mask_blend_epi64,
    _mm512_mask_sub_epi64, _mm512_or_si512, _mm512_permutex2var_epi64, _mm512_set_epi64, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_slli_epi64, _mm512_srai_epi64, _mm512_srli_epi64,
    _mm512_storeu_si512, _mm512_sub_epi64, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use crate::field::Limbs;
use crate::lanes::{LANES, Mask};

/// Eight 64-bit words.
pub(super) type Words = __m512i;

/// Defines a safe, inlined function for one instruction.
macro_rules! instruction {
    ($(#[$doc:meta])* $name:ident ( $($argument:ident : $type:ty),* ) -> $result:ty = $call:expr) => {
        $(#[$doc])*
        #[inline(always)]
        pub(super) fn $name($($argument: $type),*) -> $result {
            // SAFETY: the machine has the instruction, see the module's documentation; it touches no memory.
            unsafe { $call }
        }
    };
}

instruction!(/// Zeros.
    zero() -> Words = _mm512_setzero_si512());
instruction!(/// The same word everywhere.
    splat(word: u64) -> Words = _mm512_set1_epi64(word as i64));
instruction!(/// `a + b`.
    add(a: Words, b: Words) -> Words = _mm512_add_epi64(a, b));
instruction!(/// `a - b`.
    sub(a: Words, b: Words) -> Words = _mm512_sub_epi64(a, b));
instruction!(/// `a + b` in the lanes of the mask, else `a`.
    add_where(mask: Mask, a: Words, b: Words) -> Words = _mm512_mask_add_epi64(a, mask, a, b));
instruction!(/// `b - a` in the lanes of the mask, else `a`.
    sub_from_where(mask: Mask, a: Words, b: Words) -> Words = _mm512_mask_sub_epi64(a, mask, b, a));
instruction!(/// The lanes where `a < b`, signed.
    less_than(a: Words, b: Words) -> Mask = _mm512_cmplt_epi64_mask(a, b));
instruction!(/// `yes` in the lanes of the mask, else `no`.
    select(mask: Mask, yes: Words, no: Words) -> Words = _mm512_mask_blend_epi64(mask, no, yes));
instruction!(/// Bitwise and.
    and(a: Words, b: Words) -> Words = _mm512_and_si512(a, b));
instruction!(/// Bitwise or.
    or(a: Words, b: Words) -> Words = _mm512_or_si512(a, b));
instruction!(/// `sum` plus the low 52 bits of the product of the low 52 bits.
    multiply_low(sum: Words, a: Words, b: Words) -> Words = _mm512_madd52lo_epu64(sum, a, b));
instruction!(/// `sum` plus the high 52 bits of the product of the low 52 bits.
    multiply_high(sum: Words, a: Words, b: Words) -> Words = _mm512_madd52hi_epu64(sum, a, b));

/// Words shifted left.
#[inline(always)]
pub(super) fn shift_left<const BITS: u32>(a: Words) -> Words {
    // SAFETY: as for the other instructions.
    unsafe { _mm512_slli_epi64::<BITS>(a) }
}

/// Unsigned words shifted right.
#[inline(always)]
pub(super) fn shift_right<const BITS: u32>(a: Words) -> Words {
    // SAFETY: as for the other instructions.
    unsafe { _mm512_srli_epi64::<BITS>(a) }
}

/// Signed words shifted right.
#[inline(always)]
pub(super) fn shift_right_signed<const BITS: u32>(a: Words) -> Words {
    // SAFETY: as for the other instructions.
    unsafe { _mm512_srai_epi64::<BITS>(a) }
}

/// Four limbs each of two elements.
#[inline(always)]
fn pair(low: &Limbs, high: &Limbs) -> Words {
    // SAFETY: both are live references to 32 bytes; the rest as for the other instructions.
    unsafe {
        let low = _mm256_loadu_si256(low.as_ptr().cast());
        let high = _mm256_loadu_si256(high.as_ptr().cast());
        _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
    }
}

/// Eight elements of four limbs each, turned into four registers of one limb each.
#[inline(always)]
pub(super) fn load_transposed(places: [&Limbs; LANES]) -> [Words; 4] {
    // SAFETY: as for the other instructions.
    unsafe {
        let [p0, p1, p2, p3, p4, p5, p6, p7] = places;
        let (a, b, c, d) = (pair(p0, p2), pair(p1, p3), pair(p4, p6), pair(p5, p7));
        let (even, odd) = (_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
        let (even_above, odd_above) = (_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
        [
            _mm512_shuffle_i64x2::<0x88>(even, even_above),
            _mm512_shuffle_i64x2::<0x88>(odd, odd_above),
            _mm512_shuffle_i64x2::<0xdd>(even, even_above),
            _mm512_shuffle_i64x2::<0xdd>(odd, odd_above),
        ]
    }
}

/// The opposite of [`load_transposed`].
#[inline(always)]
pub(super) fn store_transposed(limbs: [Words; 4]) -> [Limbs; LANES] {
    let mut out = [[0; 4]; LANES];
    // SAFETY: `out` has room for four registers; the rest as for the other instructions.
    unsafe {
        let [c0, c1, c2, c3] = limbs;
        let (even, odd) = (_mm512_unpacklo_epi64(c0, c1), _mm512_unpackhi_epi64(c0, c1));
        let (even_above, odd_above) = (_mm512_unpacklo_epi64(c2, c3), _mm512_unpackhi_epi64(c2, c3));
        let low = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
        let high = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
        let p02 = _mm512_permutex2var_epi64(even, low, even_above);
        let p13 = _mm512_permutex2var_epi64(odd, low, odd_above);
        let p46 = _mm512_permutex2var_epi64(even, high, even_above);
        let p57 = _mm512_permutex2var_epi64(odd, high, odd_above);
        let place = out.as_mut_ptr().cast::<__m512i>();
        _mm512_storeu_si512(place, _mm512_shuffle_i64x2::<0x44>(p02, p13));
        _mm512_storeu_si512(place.add(1), _mm512_shuffle_i64x2::<0xee>(p02, p13));
        _mm512_storeu_si512(place.add(2), _mm512_shuffle_i64x2::<0x44>(p46, p57));
        _mm512_storeu_si512(place.add(3), _mm512_shuffle_i64x2::<0xee>(p46, p57));
    }
    out
}

/// Copies one lane of some registers.
#[inline(always)]
pub(super) fn copy_lane<const N: usize>(to: &mut [Words; N], lane: usize, from: &[Words; N], from_lane: usize) {
    assert!(lane < LANES && from_lane < LANES);
    let to = std::ptr::from_mut(to).cast::<[u64; LANES]>();
    let from = std::ptr::from_ref(from).cast::<[u64; LANES]>();
    for i in 0..N {
        // SAFETY: both point to N registers of eight words each, the lanes are in range, and the references do not overlap.
        unsafe { (*to.add(i))[lane] = (*from.add(i))[from_lane] };
    }
}
