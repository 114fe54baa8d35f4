//! Field arithmetic that reduces late.
//!
//! A [`Lazy`] stands for a field element in Montgomery form (times `R = 2^256`), but may be any representative below
//! `2^256`, which is a little more than `5p`. What a product may grow to follows from `p < 0.19·R`: factors below
//! `a·p` and `b·p` give a result below `(0.19·a·b + 1)·p`. Each use states the bounds it relies on.

use crate::Fr;
use ark_ff::{BigInt, MontConfig, PrimeField};

const MODULUS: [u64; 4] = Fr::MODULUS.0;
const TWICE_MODULUS: [u64; 4] = twice(MODULUS);
/// `−1/p` modulo `2^64`.
const INVERSE: u64 = <ark_bn254::FrConfig as MontConfig<4>>::INV;

/// A representative of a field element in Montgomery form.
#[derive(Clone, Copy)]
pub(super) struct Lazy([u64; 4]);

impl From<Fr> for Lazy {
    fn from(value: Fr) -> Self {
        Self(value.0.0)
    }
}

impl Lazy {
    pub(super) const ZERO: Self = Self([0; 4]);

    /// The field element; `self` must be below `2p`.
    #[inline(always)]
    pub(super) fn canonical(self) -> Fr {
        Fr::new_unchecked(BigInt(subtract_if_not_below(self.0, &MODULUS)))
    }

    /// The sum, which must stay below `2^256`.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let mut sum = [0; 4];
        let mut carry = 0;
        for ((sum, a), b) in sum.iter_mut().zip(self.0).zip(other.0) {
            let wide = u128::from(a).wrapping_add(u128::from(b)).wrapping_add(carry);
            *sum = wide as u64;
            carry = wide >> 64;
        }
        Self(sum)
    }

    /// Subtracts `2p` from what is not below it; two such steps bring anything below `2p` that was below `2^256 < 6p`.
    #[inline(always)]
    pub(super) fn below_twice_modulus(self) -> Self {
        Self(subtract_if_not_below(self.0, &TWICE_MODULUS))
    }

    /// The fifth power. Below `2p` it stays below `1.6p`, so do its intermediate powers below `1.8p`.
    #[inline(always)]
    pub(super) fn fifth_power(self) -> Self {
        let square = self.square();
        square.square().times(self)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        dot([0; 4], &[self], &[other], &[], &[])
    }

    /// The square: the products of different limbs are taken once and doubled.
    #[inline(always)]
    fn square(self) -> Self {
        let [a, b, c, d] = self.0;
        let mut wide = [0u64; 8];
        let mut carry = 0;
        wide[1] = multiply_add(0, a, b, &mut carry);
        wide[2] = multiply_add(0, a, c, &mut carry);
        wide[3] = multiply_add(0, a, d, &mut carry);
        wide[4] = carry;
        carry = 0;
        wide[3] = multiply_add(wide[3], b, c, &mut carry);
        wide[4] = multiply_add(wide[4], b, d, &mut carry);
        wide[5] = carry;
        carry = 0;
        wide[5] = multiply_add(wide[5], c, d, &mut carry);
        wide[6] = carry;

        wide[7] = wide[6] >> 63;
        wide[6] = wide[6] << 1 | wide[5] >> 63;
        wide[5] = wide[5] << 1 | wide[4] >> 63;
        wide[4] = wide[4] << 1 | wide[3] >> 63;
        wide[3] = wide[3] << 1 | wide[2] >> 63;
        wide[2] = wide[2] << 1 | wide[1] >> 63;
        wide[1] <<= 1;

        carry = 0;
        wide[0] = multiply_add(0, a, a, &mut carry);
        wide[1] = add(wide[1], &mut carry);
        wide[2] = multiply_add(wide[2], b, b, &mut carry);
        wide[3] = add(wide[3], &mut carry);
        wide[4] = multiply_add(wide[4], c, c, &mut carry);
        wide[5] = add(wide[5], &mut carry);
        wide[6] = multiply_add(wide[6], d, d, &mut carry);
        wide[7] = add(wide[7], &mut carry);
        Self(reduce(wide))
    }
}

/// `start/R + Σ a·b + Σ c·d` with one reduction for all products.
///
/// `start` is a plain number below `p`: the Montgomery form, once more in Montgomery form, of a summand.
/// The result is below `(0.19·Σ + 1)·p`, with Σ the sum of the products' bounds in units of `p²`.
#[inline(always)]
pub(super) fn dot<const N: usize, const M: usize>(
    start: [u64; 4],
    a: &[Lazy; N],
    b: &[Lazy; N],
    c: &[Lazy; M],
    d: &[Lazy; M],
) -> Lazy {
    let [s0, s1, s2, s3] = start;
    let mut sum = [s0, s1, s2, s3, 0, 0];
    for limb in 0..4 {
        for (left, right) in a.iter().zip(b) {
            add_row(&mut sum, left.limb(limb), &right.0);
        }
        for (left, right) in c.iter().zip(d) {
            add_row(&mut sum, left.limb(limb), &right.0);
        }
        sum = reduce_row(&sum);
    }
    let [s0, s1, s2, s3, _, _] = sum;
    Lazy([s0, s1, s2, s3])
}

impl Lazy {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "callers count to 4")]
    fn limb(&self, index: usize) -> u64 {
        self.0[index]
    }
}

/// `sum + factor · number`.
#[inline(always)]
fn add_row(sum: &mut [u64; 6], factor: u64, number: &[u64; 4]) {
    let mut carry = 0;
    sum[0] = multiply_add(sum[0], factor, number[0], &mut carry);
    sum[1] = multiply_add(sum[1], factor, number[1], &mut carry);
    sum[2] = multiply_add(sum[2], factor, number[2], &mut carry);
    sum[3] = multiply_add(sum[3], factor, number[3], &mut carry);
    let (top, overflow) = sum[4].overflowing_add(carry);
    sum[4] = top;
    sum[5] = sum[5].wrapping_add(u64::from(overflow));
}

/// Adds the multiple of the modulus that clears the lowest limb, and drops that limb.
#[inline(always)]
fn reduce_row(sum: &[u64; 6]) -> [u64; 6] {
    let factor = sum[0].wrapping_mul(INVERSE);
    let mut carry = 0;
    multiply_add(sum[0], factor, MODULUS[0], &mut carry);
    let s0 = multiply_add(sum[1], factor, MODULUS[1], &mut carry);
    let s1 = multiply_add(sum[2], factor, MODULUS[2], &mut carry);
    let s2 = multiply_add(sum[3], factor, MODULUS[3], &mut carry);
    let (s3, overflow) = sum[4].overflowing_add(carry);
    [s0, s1, s2, s3, sum[5].wrapping_add(u64::from(overflow)), 0]
}

/// Montgomery's reduction of a 512-bit product.
#[inline(always)]
fn reduce(wide: [u64; 8]) -> [u64; 4] {
    let [mut w0, mut w1, mut w2, mut w3, w4, w5, w6, w7] = wide;
    // The low half's own reduction is exact: low/R + high.
    for _ in 0..4 {
        let factor = w0.wrapping_mul(INVERSE);
        let mut carry = 0;
        multiply_add(w0, factor, MODULUS[0], &mut carry);
        w0 = multiply_add(w1, factor, MODULUS[1], &mut carry);
        w1 = multiply_add(w2, factor, MODULUS[2], &mut carry);
        w2 = multiply_add(w3, factor, MODULUS[3], &mut carry);
        w3 = carry;
    }
    let low = Lazy([w0, w1, w2, w3]);
    low.plus(Lazy([w4, w5, w6, w7])).0
}

/// The low word of `sum + a·b + carry`; the high word becomes the carry.
#[inline(always)]
fn multiply_add(sum: u64, a: u64, b: u64, carry: &mut u64) -> u64 {
    // At most (2^64 − 1)² + 2·(2^64 − 1) = 2^128 − 1.
    let wide = u128::from(a)
        .wrapping_mul(u128::from(b))
        .wrapping_add(u128::from(sum))
        .wrapping_add(u128::from(*carry));
    *carry = (wide >> 64) as u64;
    wide as u64
}

#[inline(always)]
fn add(sum: u64, carry: &mut u64) -> u64 {
    let (sum, overflow) = sum.overflowing_add(*carry);
    *carry = u64::from(overflow);
    sum
}

#[inline(always)]
fn subtract_if_not_below(number: [u64; 4], subtrahend: &[u64; 4]) -> [u64; 4] {
    let mut difference = [0; 4];
    let mut borrow = false;
    for ((out, a), b) in difference.iter_mut().zip(number).zip(subtrahend) {
        let (first, borrowed) = a.overflowing_sub(*b);
        let (second, again) = first.overflowing_sub(u64::from(borrow));
        *out = second;
        borrow = borrowed | again;
    }
    // Half of all subtractions are undone, so a branch would be mispredicted half the time.
    for (out, kept) in difference.iter_mut().zip(number) {
        *out = std::hint::select_unpredictable(borrow, kept, *out);
    }
    difference
}

const fn twice(number: [u64; 4]) -> [u64; 4] {
    let [a, b, c, d] = number;
    [a << 1, b << 1 | a >> 63, c << 1 | b >> 63, d << 1 | c >> 63]
}
