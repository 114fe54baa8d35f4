//! Affine pairs and the Edwards law.

use super::extended::Extended;
use super::multiply;
use crate::Fr;
use ark_ff::{AdditiveGroup, BigInt, Field, MontFp, PrimeField};

/// `A` of the curve equation.
const COEFFICIENT_A: Fr = MontFp!("168700");
/// `D` of the curve equation.
const COEFFICIENT_D: Fr = MontFp!("168696");

/// A pair of coordinates that may or may not lie on the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// First coordinate.
    pub x: Fr,
    /// Second coordinate.
    pub y: Fr,
}

impl Point {
    /// The neutral point (0, 1).
    pub const IDENTITY: Self = Self {
        x: Fr::ZERO,
        y: Fr::ONE,
    };

    /// Generator of the prime-order subgroup.
    pub const BASE8: Self = Self {
        x: MontFp!("5299619240641551281634865583518297030282874472190772894086521144482721001553"),
        y: MontFp!("16950150798460657717958625567821834550301663161624707787222815936182638968203"),
    };

    /// `A` and `D` of the curve equation.
    pub(crate) const COEFFICIENTS: [Fr; 2] = [COEFFICIENT_A, COEFFICIENT_D];

    /// A pair of coordinates, unchecked.
    #[must_use]
    pub const fn new(x: Fr, y: Fr) -> Self {
        Self { x, y }
    }

    /// Whether the pair satisfies the curve equation.
    #[must_use]
    pub fn is_on_curve(&self) -> bool {
        let (xx, yy) = (self.x.square(), self.y.square());
        COEFFICIENT_A * xx + yy == Fr::ONE + COEFFICIENT_D * xx * yy
    }

    /// Whether the pair lies on the curve, in the subgroup of prime order (the neutral point included).
    #[must_use]
    pub fn is_in_subgroup(&self) -> bool {
        self.is_on_curve() && multiply::by_subgroup_order(self) == Self::IDENTITY
    }

    /// The sum by the Edwards law, applied without asking whether the pairs lie on the curve.
    ///
    /// On the curve the law is complete. Off the curve a denominator may vanish; the quotient is then 0 here. Use
    /// [`Point::try_add`] where that matters.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let (numerators, denominators) = self.law(other);
        // One inversion for both quotients; 0 inverts to 0.
        let inverse = (denominators.0 * denominators.1).inverse();
        let quotients = match inverse {
            Some(inverse) => (inverse * denominators.1, inverse * denominators.0),
            None => (
                denominators.0.inverse().unwrap_or(Fr::ZERO),
                denominators.1.inverse().unwrap_or(Fr::ZERO),
            ),
        };
        Self {
            x: numerators.0 * quotients.0,
            y: numerators.1 * quotients.1,
        }
    }

    /// The sum by the Edwards law, or nothing where one of its denominators vanishes (never on the curve).
    #[must_use]
    pub fn try_add(&self, other: &Self) -> Option<Self> {
        let (numerators, denominators) = self.law(other);
        let inverse = (denominators.0 * denominators.1).inverse()?;
        Some(Self {
            x: numerators.0 * inverse * denominators.1,
            y: numerators.1 * inverse * denominators.0,
        })
    }

    /// The Edwards law as numerators and denominators of x and y.
    pub(crate) fn law(&self, other: &Self) -> ((Fr, Fr), (Fr, Fr)) {
        let beta = self.x * other.y;
        let gamma = self.y * other.x;
        let tau = COEFFICIENT_D * beta * gamma;
        let y = self.y * other.y - COEFFICIENT_A * self.x * other.x;
        ((beta + gamma, y), (Fr::ONE + tau, Fr::ONE - tau))
    }

    /// The point added to itself. Its denominators never vanish, on the curve or off it.
    #[must_use]
    pub fn double(&self) -> Self {
        self.add(self)
    }

    /// The eightfold, by three doublings.
    #[must_use]
    pub fn mul_by_cofactor(&self) -> Self {
        let point = Extended::from(self);
        let double = |point: Extended| point.add(&point);
        double(double(double(point))).to_affine()
    }

    /// `(-x, y)`.
    #[must_use]
    pub fn negate(&self) -> Self {
        Self { x: -self.x, y: self.y }
    }

    /// The multiple by the integer that a field element stands for (not reduced by the point's order).
    ///
    /// Off the curve the Edwards law is applied blindly from the lowest bit upwards, as upstream's library does; the
    /// circuits compute something else there, see [`crate::ladder`].
    #[must_use]
    pub fn mul_scalar(&self, scalar: &Fr) -> Self {
        self.mul_integer(&scalar.into_bigint())
    }

    /// The multiple by an integer below 2^256.
    #[must_use]
    pub fn mul_integer(&self, scalar: &BigInt<4>) -> Self {
        if self.is_on_curve() {
            multiply::windowed(self, scalar).to_affine()
        } else {
            multiply::blind(self, scalar).to_affine()
        }
    }
}

impl From<[Fr; 2]> for Point {
    fn from([x, y]: [Fr; 2]) -> Self {
        Self { x, y }
    }
}

impl From<Point> for [Fr; 2] {
    fn from(point: Point) -> Self {
        [point.x, point.y]
    }
}
