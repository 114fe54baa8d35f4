//! Points, scalars and signatures that honest software never makes, for tests of whoever has to withstand them.
//!
//! Nothing here is needed to run a poll. Every function is deterministic; those that search end after a few tries.

use crate::Fr;
use crate::curve::{Fl, Point, mul_base8};
use crate::eddsa::Signature;
use ark_ff::{AdditiveGroup, BigInteger, Field, MontFp, PrimeField};

const HALF: Fr = MontFp!("10944121435919637611123202872628637544274182200208017171849102093287904247809");
/// `a` of the Montgomery form.
const MONTGOMERY_A: Fr = MontFp!("168698");

/// (0, −1), of order 2.
#[must_use]
pub fn order_two() -> Point {
    Point::new(Fr::ZERO, -Fr::ONE)
}

/// A point (x, 0) of the curve, of order 4.
#[must_use]
pub fn order_four() -> Point {
    order_eight().double()
}

/// A point of the curve of order 8.
#[must_use]
pub fn order_eight() -> Point {
    let torsion = |y: u64| {
        let point = curve_point(Fr::from(y))?.mul_integer(&Fl::MODULUS);
        (point.double().double() == order_two()).then_some(point)
    };
    (2..).find_map(torsion).unwrap_or(Point::IDENTITY)
}

/// A subgroup point plus one of order 8: on the curve, of order `8l`, with the subgroup point's eightfold.
#[must_use]
pub fn mixed_order(point: &Point) -> Point {
    point.add(&order_eight())
}

/// A point of the curve with this y, if there is one.
#[must_use]
pub fn curve_point(y: Fr) -> Option<Point> {
    let [a, d] = Point::COEFFICIENTS;
    let yy = y.square();
    let x = ((Fr::ONE - yy) * (a - d * yy).inverse()?).sqrt()?;
    Some(Point { x, y })
}

/// A pair off the curve whose eightfold is (X, 1) with X ≠ 0: a command may make it a state key, and upstream's
/// circuits then have no witness for any message to that leaf (protocol section 28.4).
#[must_use]
pub fn poisoned_y_one() -> Point {
    poisoned(Fr::ONE)
}

/// The same with eightfold (X, −1).
#[must_use]
pub fn poisoned_y_minus_one() -> Point {
    poisoned(-Fr::ONE)
}

fn poisoned(y: Fr) -> Point {
    let eighth = |x: u64| {
        let whole = Point::new(Fr::from(x), y);
        let quarters = halves(&whole).into_iter().flat_map(|half| halves(&half));
        quarters
            .flat_map(|quarter| halves(&quarter))
            .find(|eighth| eighth.mul_by_cofactor() == whole)
    };
    (2..).find_map(eighth).unwrap_or(Point::IDENTITY)
}

/// The pairs that double to `point` by the Edwards law applied blindly, for x ≠ 0.
#[must_use]
pub fn halves(point: &Point) -> Vec<Point> {
    let [a, d] = Point::COEFFICIENTS;
    // With w = x·y of the half: D·X·w² − 2·w + X = 0, then y⁴ − c·y² − A·w² = 0 for c = Y·(1 − D·w²).
    let products = quadratic(d * point.x, -Fr::from(2u8), point.x);
    let mut halves = Vec::new();
    for w in products {
        let c = point.y * (Fr::ONE - d * w.square());
        for yy in quadratic(Fr::ONE, -c, -a * w.square()) {
            let Some((y, inverse)) = yy.sqrt().and_then(|y| Some((y, y.inverse()?))) else {
                continue;
            };
            halves.extend([Point::new(w * inverse, y), Point::new(-w * inverse, -y)]);
        }
    }
    halves
}

/// The roots of `a·t² + b·t + c`.
fn quadratic(a: Fr, b: Fr, c: Fr) -> Vec<Fr> {
    let discriminant = b.square() - Fr::from(4u8) * a * c;
    let (Some(root), Some(inverse)) = (discriminant.sqrt(), a.inverse()) else {
        return Vec::new();
    };
    [root, -root].map(|root| (root - b) * inverse * HALF).to_vec()
}

/// A pair off the curve that has order 3 under the circuits' Montgomery formulas: as an encryption key it leaves
/// upstream's circuits without a witness.
#[must_use]
pub fn ladder_order_three() -> Point {
    // The double has the same u where λ² = a + 3u for the tangent's slope λ = (3u² + 2au + 1) / 2v.
    let tripled = |u: u64| {
        let u = Fr::from(u);
        let tangent = u.square() * Fr::from(3u8) + (MONTGOMERY_A * u).double() + Fr::ONE;
        let slope = (MONTGOMERY_A + u * Fr::from(3u8)).sqrt()?;
        let v = tangent * slope.double().inverse()?;
        let point = Point::new(u * v.inverse()?, (u - Fr::ONE) * (u + Fr::ONE).inverse()?);
        (!point.is_on_curve()).then_some(point)
    };
    (2..).find_map(tripled).unwrap_or(Point::IDENTITY)
}

/// The other S that the circuits accept: congruent modulo `l`, with bit 253 set and the bits below it under `l`.
#[must_use]
pub fn with_bit_253(s: Fr) -> Fr {
    let order = Fr::from_bigint(Fl::MODULUS).unwrap_or_default();
    let mut candidate = s;
    while candidate.into_bigint().num_bits() < 254 {
        candidate += order;
    }
    candidate
}

/// S increased by the subgroup's order: the same multiple of the generator, refused by library and circuits alike.
#[must_use]
pub fn plus_order(s: Fr) -> Fr {
    s + Fr::from_bigint(Fl::MODULUS).unwrap_or_default()
}

/// A signature without a key: it satisfies the group equation for every message under any key whose eightfold is
/// neutral, and under no other.
#[must_use]
pub fn forgery(nonce: u64) -> Signature {
    let s = Fr::from(nonce);
    Signature {
        r8: mul_base8(&s.into_bigint()),
        s,
    }
}
