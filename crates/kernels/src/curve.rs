//! The two groups of the pairing, as far as the kernels need to tell them apart.

use ark_bn254::{Fq, Fq2, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::BigInt;

use crate::field::Limbs;
use crate::field::limbs::{canonical, product};
use crate::field::modulus::{Base, power_of_two};
use crate::lanes::quadratic::Quadratic;
use crate::lanes::{Lanes, PrimeLanes};

/// An affine point at rest, in a machine's Montgomery form. Plain data: can be mapped from a file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Point<P> {
    pub(crate) x: P,
    pub(crate) y: P,
}

/// A group of BN254.
pub(crate) trait Curve: Copy + Send + Sync + 'static {
    /// The field of coordinates over a machine's base field.
    type Lanes<F: PrimeLanes>: Lanes<Packed = Self::Packed>;
    /// One coordinate at rest.
    type Packed: Copy + Send + Sync + PartialEq + Default + std::fmt::Debug + 'static;
    /// The arkworks type of affine points.
    type Affine: AffineRepr<Group = Self::Projective> + Send + Sync;
    /// The arkworks type of sums.
    type Projective: CurveGroup<Affine = Self::Affine, ScalarField = ark_bn254::Fr>;

    /// The point in a machine's form; nothing for the point at infinity.
    fn pack<F: PrimeLanes>(point: &Self::Affine) -> Option<Point<Self::Packed>>;
    /// Back to arkworks. Coordinates may be any 256-bit values.
    fn unpack<F: PrimeLanes>(point: &Point<Self::Packed>) -> Self::Affine;
    /// `β` with `λ·(x, y) = (β·x, y)`, the same `λ` for both groups.
    fn endomorphism<F: PrimeLanes>() -> Self::Packed;
}

/// The group over the base field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct G1;

/// The group over the quadratic extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct G2;

/// A primitive cube root of one in the base field, `2203960485148121921418603742825762020974279258880205651966`.
const CUBE_ROOT: Fq = ark_ff::MontFp!("2203960485148121921418603742825762020974279258880205651966");

/// From arkworks' Montgomery form (radix `2^256`) to that of `F`.
fn enter<F: PrimeLanes>(x: &Fq) -> Limbs {
    let shift = match F::RADIX {
        256 => return x.0.0,
        260 => const { power_of_two::<Base>(260) },
        _ => unreachable!("a machine with another radix needs its own power of two"),
    };
    canonical::<Base>(&product::<Base>(&x.0.0, &shift))
}

/// From the Montgomery form of `F` to arkworks'.
fn leave<F: PrimeLanes>(x: &Limbs) -> Fq {
    let shift = match F::RADIX {
        256 => const { power_of_two::<Base>(256) },
        260 => const { power_of_two::<Base>(252) },
        _ => unreachable!("a machine with another radix needs its own power of two"),
    };
    Fq::new_unchecked(BigInt(canonical::<Base>(&product::<Base>(
        &canonical::<Base>(x),
        &shift,
    ))))
}

impl Curve for G1 {
    type Lanes<F: PrimeLanes> = F;
    type Packed = Limbs;
    type Affine = G1Affine;
    type Projective = G1Projective;

    fn pack<F: PrimeLanes>(point: &G1Affine) -> Option<Point<Limbs>> {
        point.xy().map(|(x, y)| Point {
            x: enter::<F>(&x),
            y: enter::<F>(&y),
        })
    }

    fn unpack<F: PrimeLanes>(point: &Point<Limbs>) -> G1Affine {
        G1Affine::new_unchecked(leave::<F>(&point.x), leave::<F>(&point.y))
    }

    fn endomorphism<F: PrimeLanes>() -> Limbs {
        enter::<F>(&CUBE_ROOT)
    }
}

impl Curve for G2 {
    type Lanes<F: PrimeLanes> = Quadratic<F>;
    type Packed = [Limbs; 2];
    type Affine = G2Affine;
    type Projective = G2Projective;

    fn pack<F: PrimeLanes>(point: &G2Affine) -> Option<Point<[Limbs; 2]>> {
        let pack = |x: &Fq2| [enter::<F>(&x.c0), enter::<F>(&x.c1)];
        point.xy().map(|(x, y)| Point {
            x: pack(&x),
            y: pack(&y),
        })
    }

    fn unpack<F: PrimeLanes>(point: &Point<[Limbs; 2]>) -> G2Affine {
        let unpack = |x: &[Limbs; 2]| Fq2::new(leave::<F>(&x[0]), leave::<F>(&x[1]));
        G2Affine::new_unchecked(unpack(&point.x), unpack(&point.y))
    }

    fn endomorphism<F: PrimeLanes>() -> [Limbs; 2] {
        // On the twist the other root belongs to the same λ.
        [enter::<F>(&(CUBE_ROOT * CUBE_ROOT)), [0; 4]]
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::{Fr, G1Affine, G2Affine};
    use ark_ec::{AffineRepr, CurveGroup};

    use super::CUBE_ROOT;
    use crate::msm::LAMBDA;

    #[test]
    fn the_endomorphism_multiplies_both_groups_by_the_same_scalar() {
        let lambda: Fr = LAMBDA;
        let g = G1Affine::generator();
        let (x, y) = g.xy().unwrap();
        assert_eq!((g * lambda).into_affine(), G1Affine::new(CUBE_ROOT * x, y));
        let g = G2Affine::generator();
        let (mut x, y) = g.xy().unwrap();
        x.mul_assign_by_fp(&(CUBE_ROOT * CUBE_ROOT));
        assert_eq!((g * lambda).into_affine(), G2Affine::new(x, y));
    }
}
