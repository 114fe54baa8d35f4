//! The circuits' scalar multiplication on arbitrary pairs (protocol section 28.5).
//!
//! - `montgomery`   the chord-and-tangent steps, each with its division
//! - `segment`   up to 148 bits, lowest first, and the two segments of a whole scalar
//!
//! On curve points of order `l`, `2l`, `4l` or `8l` it is ordinary multiplication and takes the fast way. On every
//! other pair the steps are followed one by one, because a division by zero anywhere, even in a value that is later
//! discarded, means that the circuit has no witness.

mod montgomery;
mod segment;

use crate::Fr;
use crate::curve::Point;
use ark_ff::{AdditiveGroup, BigInt};
use thiserror::Error;

/// Why no assignment satisfies a circuit for some pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoWitness {
    /// A number other than zero would have to be divided by zero.
    #[error("the circuit has no witness: {step} divides by zero")]
    DivisionByZero {
        /// Where.
        step: Step,
    },
    /// Zero would be divided by zero: the constraint leaves the quotient free, so no verdict can be relied on.
    #[error("the circuit does not fix its own result: {step} divides zero by zero")]
    Undetermined {
        /// Where.
        step: Step,
    },
}

/// The divisions of the circuits' curve arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Step {
    /// From Edwards to Montgomery coordinates: `(1+y)/(1−y)`, then by x.
    #[error("the way to Montgomery form")]
    ToMontgomery,
    /// From Montgomery to Edwards coordinates: `u/v` and `(u−1)/(u+1)`.
    #[error("the way back to Edwards form")]
    ToEdwards,
    /// The slope of a doubling, by `2v`.
    #[error("a Montgomery doubling")]
    Double,
    /// The slope of an addition, by the difference of the u coordinates.
    #[error("a Montgomery addition")]
    Add,
    /// An addition by the Edwards law, by `1 ± D·x1·x2·y1·y2`.
    #[error("an Edwards addition")]
    EdwardsAdd,
}

/// The product by the lowest `bits` bits of `scalar`.
///
/// # Errors
/// When the circuit has no witness for this pair and scalar.
pub fn multiply(scalar: &BigInt<4>, bits: usize, point: &Point) -> Result<Point, NoWitness> {
    if point.x == Fr::ZERO {
        return Ok(Point::IDENTITY);
    }
    if point.is_on_curve() && point.mul_by_cofactor().x != Fr::ZERO {
        return Ok(point.mul_integer(&lowest_bits(scalar, bits)));
    }
    multiply_step_by_step(scalar, bits, point)
}

/// The product, every step of the circuit followed, whatever the pair. [`multiply`] gives the same answer faster.
///
/// # Errors
/// When the circuit has no witness for this pair and scalar.
pub fn multiply_step_by_step(scalar: &BigInt<4>, bits: usize, point: &Point) -> Result<Point, NoWitness> {
    if point.x == Fr::ZERO {
        return Ok(Point::IDENTITY);
    }
    segment::multiply(scalar, bits, point)
}

/// A sum by the Edwards law, its divisions watched.
///
/// # Errors
/// When a denominator vanishes, which happens off the curve only.
pub fn add(left: &Point, right: &Point) -> Result<Point, NoWitness> {
    let (numerators, denominators) = left.law(right);
    Ok(Point {
        x: divide(numerators.0, denominators.0, Step::EdwardsAdd)?,
        y: divide(numerators.1, denominators.1, Step::EdwardsAdd)?,
    })
}

/// A quotient that a constraint `quotient · denominator = numerator` fixes, if it does.
fn divide(numerator: Fr, denominator: Fr, step: Step) -> Result<Fr, NoWitness> {
    use ark_ff::Field;
    match denominator.inverse() {
        Some(inverse) => Ok(numerator * inverse),
        None if numerator == Fr::ZERO => Err(NoWitness::Undetermined { step }),
        None => Err(NoWitness::DivisionByZero { step }),
    }
}

fn lowest_bits(scalar: &BigInt<4>, bits: usize) -> BigInt<4> {
    let mut limbs = scalar.0;
    for (index, limb) in limbs.iter_mut().enumerate() {
        let kept = bits.saturating_sub(64 * index);
        if kept < 64 {
            *limb &= (1 << kept) - 1;
        }
    }
    BigInt(limbs)
}
