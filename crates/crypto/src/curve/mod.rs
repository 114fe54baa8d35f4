//! Baby Jubjub, the twisted Edwards curve `A·x² + y² = 1 + D·x²·y²` over [`Fr`](crate::Fr) (protocol section 1).
//!
//! - `point`   affine pairs, on the curve or not, and the addition law applied blindly to both
//! - `extended`   projective coordinates in which additions need no division
//! - `multiply`   scalar multiplication: windows for any point, a table for [`Point::BASE8`]
//! - `scalar`   the field of integers modulo the subgroup's order
//!
//! A pair that a voter sends need not satisfy the equation. [`Point`] therefore promises nothing; who needs a curve
//! point asks [`Point::is_on_curve`] or takes a [`PublicKey`](crate::keys::PublicKey).

mod extended;
mod multiply;
mod point;
mod scalar;

pub use multiply::mul_base8;
pub use point::Point;
pub use scalar::{Fl, fl_to_fr};

pub(crate) use multiply::is_base8_multiple_of_sum;
