//! Montgomery coordinates `(u, v)` and their chord-and-tangent steps.
//!
//! The curve's constant part never enters the formulas, so a pair off the curve simply lives on another curve of the
//! same shape, which may have points of small order.

use super::{NoWitness, Step, divide};
use crate::Fr;
use crate::curve::Point;
use ark_ff::{AdditiveGroup, Field, MontFp};

/// Coefficient `a` of `v² = u³ + a·u² + u`.
const COEFFICIENT: Fr = MontFp!("168698");

#[derive(Clone, Copy)]
pub(super) struct Montgomery {
    u: Fr,
    v: Fr,
}

impl Montgomery {
    pub(super) fn from_edwards(point: &Point) -> Result<Self, NoWitness> {
        let u = divide(Fr::ONE + point.y, Fr::ONE - point.y, Step::ToMontgomery)?;
        let v = divide(u, point.x, Step::ToMontgomery)?;
        Ok(Self { u, v })
    }

    pub(super) fn to_edwards(self) -> Result<Point, NoWitness> {
        Ok(Point {
            x: divide(self.u, self.v, Step::ToEdwards)?,
            y: divide(self.u - Fr::ONE, self.u + Fr::ONE, Step::ToEdwards)?,
        })
    }

    pub(super) fn double(self) -> Result<Self, NoWitness> {
        let tangent = self.u.square() * Fr::from(3u8) + (COEFFICIENT * self.u).double() + Fr::ONE;
        let slope = divide(tangent, self.v.double(), Step::Double)?;
        Ok(self.meet(&self, slope))
    }

    pub(super) fn add(self, other: Self) -> Result<Self, NoWitness> {
        let slope = divide(other.v - self.v, other.u - self.u, Step::Add)?;
        Ok(self.meet(&other, slope))
    }

    /// The negated third point on the line through `self` and `other`.
    fn meet(&self, other: &Self, slope: Fr) -> Self {
        let u = slope.square() - COEFFICIENT - self.u - other.u;
        Self {
            u,
            v: slope * (self.u - u) - self.v,
        }
    }
}
