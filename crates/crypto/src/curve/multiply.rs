//! Scalar multiplication.
//!
//! Running times depend on the scalar: an attacker who can time single multiplications on this machine is outside
//! the threat model, see the crate documentation.

use super::Fl;
use super::extended::{Extended, Prepared, PreparedAffine};
use super::point::Point;
use crate::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField, batch_inversion};
use std::sync::LazyLock;

/// Width of the windows for variable points: odd digits up to ±15.
const WINDOW: usize = 5;
/// Odd multiples kept per point.
const ODD_MULTIPLES: usize = 1 << (WINDOW - 2);

/// The multiple of a point of the curve, by signed sliding windows from the top.
pub(super) fn windowed(point: &Point, scalar: &BigInt<4>) -> Extended {
    let base = Extended::from(point);
    let twice = base.double().prepare();
    let mut multiple = base;
    let table: [Prepared; ODD_MULTIPLES] = std::array::from_fn(|index| {
        if index > 0 {
            multiple = multiple.add_prepared(&twice);
        }
        multiple.prepare()
    });

    let mut sum = Extended::IDENTITY;
    let mut pending = 0;
    for digit in signed_digits(scalar).into_iter().rev() {
        pending += 1;
        let Some(summand) = table.get(usize::from(digit.unsigned_abs()) / 2).filter(|_| digit != 0) else {
            continue;
        };
        sum = double_times(sum, pending);
        pending = 0;
        sum = if digit > 0 {
            sum.add_prepared(summand)
        } else {
            sum.sub_prepared(summand)
        };
    }
    double_times(sum, pending)
}

fn double_times(mut point: Extended, times: usize) -> Extended {
    for _ in 1..times {
        point = point.double_without_t();
    }
    if times > 0 { point.double() } else { point }
}

/// Digits of the width-[`WINDOW`] non-adjacent form, lowest first: each 0 or odd and below 16 in magnitude.
fn signed_digits(scalar: &BigInt<4>) -> Vec<i8> {
    let mut rest = *scalar;
    let mut overflow = false;
    let mut digits = Vec::with_capacity(257);
    while !rest.is_zero() || overflow {
        let digit = if rest.is_odd() {
            let low = (rest.0[0] % (1 << WINDOW)) as i8;
            let digit = if low >= 1 << (WINDOW - 1) {
                low - (1 << WINDOW)
            } else {
                low
            };
            let magnitude = BigInt::from(u64::from(digit.unsigned_abs()));
            if digit > 0 {
                rest.sub_with_borrow(&magnitude);
            } else {
                overflow |= rest.add_with_carry(&magnitude);
            }
            digit
        } else {
            0
        };
        digits.push(digit);
        rest.div2();
        if overflow {
            rest.0[3] |= 1 << 63;
            overflow = false;
        }
    }
    digits
}

/// The multiple of any pair: double and add from the lowest bit, the Edwards law applied blindly.
pub(super) fn blind(point: &Point, scalar: &BigInt<4>) -> Extended {
    let mut power = Extended::from(point);
    let mut sum = Extended::IDENTITY;
    for bit in scalar.to_bits_le().into_iter().take(scalar.num_bits() as usize) {
        if bit {
            sum = sum.add(&power);
        }
        power = power.add(&power);
    }
    sum
}

/// The multiple of a point of the curve by the subgroup's order.
pub(super) fn by_subgroup_order(point: &Point) -> Point {
    windowed(point, &Fl::MODULUS).to_affine()
}

/// Bits per digit of the fixed-base table.
const BASE_WINDOW: usize = 8;
/// Digits of a 256-bit scalar, plus one for the carry.
const BASE_DIGITS: usize = 256 / BASE_WINDOW + 1;
/// Multiples kept per digit: 1 to 128, signs are free.
const BASE_MULTIPLES: usize = 1 << (BASE_WINDOW - 1);

/// Row i holds the multiples by `1..=128` of `256^i · BASE8`.
static BASE_TABLE: LazyLock<Vec<Vec<PreparedAffine>>> = LazyLock::new(|| {
    let mut multiples = Vec::with_capacity(BASE_DIGITS * BASE_MULTIPLES);
    let mut base = Extended::from(&Point::BASE8);
    for _ in 0..BASE_DIGITS {
        let step = base.prepare();
        let mut multiple = base;
        for _ in 0..BASE_MULTIPLES {
            multiples.push(multiple);
            multiple = multiple.add_prepared(&step);
        }
        base = double_times(base, BASE_WINDOW);
    }
    let mut inverses: Vec<Fr> = multiples.iter().map(Extended::z).collect();
    batch_inversion(&mut inverses);
    let affine: Vec<PreparedAffine> = multiples
        .into_iter()
        .zip(inverses)
        .map(|(multiple, inverse)| PreparedAffine::from(&multiple.to_affine_with(inverse)))
        .collect();
    affine.chunks(BASE_MULTIPLES).map(<[_]>::to_vec).collect()
});

/// The multiple of [`Point::BASE8`] by an integer below 2^256, from a table made at first use.
#[must_use]
pub fn mul_base8(scalar: &BigInt<4>) -> Point {
    base8(scalar).to_affine()
}

pub(super) fn base8(scalar: &BigInt<4>) -> Extended {
    let mut sum = Extended::IDENTITY;
    let mut carry = 0;
    let bytes = scalar.0.iter().flat_map(|limb| limb.to_le_bytes()).chain([0]);
    for (row, byte) in BASE_TABLE.iter().zip(bytes) {
        let mut digit = i32::from(byte) + carry;
        carry = i32::from(digit > BASE_MULTIPLES as i32);
        digit -= carry << BASE_WINDOW;
        let Some(summand) = (digit.unsigned_abs() as usize)
            .checked_sub(1)
            .and_then(|index| row.get(index))
        else {
            continue;
        };
        sum = if digit > 0 {
            sum.add_affine(summand)
        } else {
            sum.sub_affine(summand)
        };
    }
    sum
}

/// Whether `s·BASE8 = r + e·point`, for points of the curve, with a single comparison in projective coordinates.
pub(crate) fn is_base8_multiple_of_sum(s: &BigInt<4>, r: &Point, e: &BigInt<4>, point: &Point) -> bool {
    let right = windowed(point, e).negate();
    base8(s).add(&right).is(r)
}
