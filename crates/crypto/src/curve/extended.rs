//! Extended projective coordinates on the isomorphic curve with `a = −1`.
//!
//! `x` is scaled by a square root of `−A`, which turns the law's coefficient into −1. Additions are the unified ones
//! of H. Hisil, K. Wong, G. Carter, E. Dawson, "Twisted Edwards Curves Revisited" (2008), section 3.1: they are the
//! Edwards law itself with its denominators carried along, so they are exact for pairs off the curve too, as long as
//! no denominator vanishes. Doublings (section 3.3) use the curve equation and are exact on the curve only.

use super::point::Point;
use crate::Fr;
use ark_ff::{AdditiveGroup, Field, MontFp};

/// A square root of `−A`.
const SCALE: Fr = MontFp!("6360561867910373094066688120553762416144456282423235903351243436111059670888");
const INVERSE_SCALE: Fr = MontFp!("19976260017534050147865154401153945156910754191401137453807035910720341838527");
/// `−2·D/A`: twice the coefficient of the scaled curve.
const TWICE_D: Fr = MontFp!("2475045175004185027501911298141836274980133961483913877536377848625489762075");

/// `(x : y : t : z)` with affine pair `(x/z, y/z)` and `t = x·y/z`.
#[derive(Clone, Copy)]
pub(super) struct Extended {
    x: Fr,
    y: Fr,
    t: Fr,
    z: Fr,
}

/// A summand prepared for many additions.
#[derive(Clone, Copy)]
pub(super) struct Prepared {
    sum: Fr,
    difference: Fr,
    twice_z: Fr,
    scaled_t: Fr,
}

/// A prepared summand with `z = 1`.
#[derive(Clone, Copy)]
pub(super) struct PreparedAffine {
    sum: Fr,
    difference: Fr,
    scaled_t: Fr,
}

impl From<&Point> for Extended {
    fn from(point: &Point) -> Self {
        let x = point.x * SCALE;
        Self {
            x,
            y: point.y,
            t: x * point.y,
            z: Fr::ONE,
        }
    }
}

impl Extended {
    pub(super) const IDENTITY: Self = Self {
        x: Fr::ZERO,
        y: Fr::ONE,
        t: Fr::ZERO,
        z: Fr::ONE,
    };

    /// The affine pair; coordinates are 0 if `z` is (off the curve only).
    pub(super) fn to_affine(self) -> Point {
        self.to_affine_with(self.z.inverse().unwrap_or(Fr::ZERO))
    }

    pub(super) fn to_affine_with(self, inverse_z: Fr) -> Point {
        Point {
            x: self.x * inverse_z * INVERSE_SCALE,
            y: self.y * inverse_z,
        }
    }

    pub(super) fn z(&self) -> Fr {
        self.z
    }

    /// Whether the affine pair is `point`, without a division.
    pub(super) fn is(&self, point: &Point) -> bool {
        self.z != Fr::ZERO && self.x == point.x * SCALE * self.z && self.y == point.y * self.z
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        self.add_prepared(&other.prepare())
    }

    pub(super) fn negate(&self) -> Self {
        Self {
            x: -self.x,
            y: self.y,
            t: -self.t,
            z: self.z,
        }
    }

    pub(super) fn prepare(&self) -> Prepared {
        Prepared {
            sum: self.y + self.x,
            difference: self.y - self.x,
            twice_z: self.z.double(),
            scaled_t: self.t * TWICE_D,
        }
    }

    pub(super) fn add_prepared(&self, other: &Prepared) -> Self {
        self.combine(
            other.difference,
            other.sum,
            self.t * other.scaled_t,
            self.z * other.twice_z,
        )
    }

    pub(super) fn sub_prepared(&self, other: &Prepared) -> Self {
        self.combine(
            other.sum,
            other.difference,
            -(self.t * other.scaled_t),
            self.z * other.twice_z,
        )
    }

    pub(super) fn add_affine(&self, other: &PreparedAffine) -> Self {
        self.combine(other.difference, other.sum, self.t * other.scaled_t, self.z.double())
    }

    pub(super) fn sub_affine(&self, other: &PreparedAffine) -> Self {
        self.combine(other.sum, other.difference, -(self.t * other.scaled_t), self.z.double())
    }

    /// The unified addition; `c` and `d` are the products of the `t`s (times `2·D`) and of the `z`s (times 2).
    fn combine(&self, difference: Fr, sum: Fr, c: Fr, d: Fr) -> Self {
        let a = (self.y - self.x) * difference;
        let b = (self.y + self.x) * sum;
        let (e, f, g, h) = (b - a, d - c, d + c, b + a);
        Self {
            x: e * f,
            y: g * h,
            t: e * h,
            z: f * g,
        }
    }

    /// Doubles a point of the curve.
    pub(super) fn double(&self) -> Self {
        let (e, f, g, h) = self.doubling();
        Self {
            x: e * f,
            y: g * h,
            t: e * h,
            z: f * g,
        }
    }

    /// Doubles a point of the curve, leaving out `t`, which the next doubling does not read.
    pub(super) fn double_without_t(&self) -> Self {
        let (e, f, g, h) = self.doubling();
        Self {
            x: e * f,
            y: g * h,
            t: Fr::ZERO,
            z: f * g,
        }
    }

    fn doubling(&self) -> (Fr, Fr, Fr, Fr) {
        let (xx, yy) = (self.x.square(), self.y.square());
        let e = (self.x + self.y).square() - xx - yy;
        let g = yy - xx;
        let f = g - self.z.square().double();
        let h = -(xx + yy);
        (e, f, g, h)
    }
}

impl From<&Point> for PreparedAffine {
    fn from(point: &Point) -> Self {
        let x = point.x * SCALE;
        Self {
            sum: point.y + x,
            difference: point.y - x,
            scaled_t: x * point.y * TWICE_D,
        }
    }
}
