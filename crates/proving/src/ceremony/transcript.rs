//! What ceremonies hash, and points drawn from hashes, exactly as snarkjs does.

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine, g1, g2};
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, Field, PrimeField};
use blake2::{Blake2b512, Digest};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::formats::FilePoint;

/// A running BLAKE2b-512 over points and counts.
#[derive(Clone, Default)]
pub(super) struct Transcript(Blake2b512);

impl Transcript {
    /// Adds bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Adds a count.
    pub(super) fn count(&mut self, count: usize) {
        self.bytes(&(count as u32).to_be_bytes());
    }

    /// Adds a point.
    pub(super) fn point<P: FilePoint>(&mut self, point: &P) {
        self.points(std::slice::from_ref(point));
    }

    /// Adds points.
    pub(super) fn points<P: FilePoint>(&mut self, points: &[P]) {
        let mut bytes = Vec::with_capacity(points.len() * P::BYTES);
        for point in points {
            let written = point.to_transcript(&mut bytes);
            debug_assert!(written.is_ok(), "a vector takes all bytes");
        }
        self.bytes(&bytes);
    }

    /// The hash so far.
    pub(super) fn hash(&self) -> [u8; 64] {
        self.0.clone().finalize().into()
    }
}

/// The stream of random numbers that snarkjs derives from 32 bytes.
pub(super) struct Stream(ChaCha20Rng);

impl Stream {
    /// Starts from the first 32 bytes of a hash, read as eight big-endian words.
    pub(super) fn of(hash: &[u8]) -> Self {
        let mut seed = [0; 32];
        for (word, given) in seed.as_chunks_mut::<4>().0.iter_mut().zip(hash.as_chunks::<4>().0) {
            *word = *given;
            word.reverse();
        }
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// Four limbs of 64 bits, each with its high half first, cut to the length of the modulus, until
    /// they are below it.
    fn below(&mut self, modulus: &BigInt<4>) -> BigInt<4> {
        loop {
            let mut limbs = [0u64; 4];
            for limb in &mut limbs {
                *limb = u64::from(self.0.next_u32()) << 32 | u64::from(self.0.next_u32());
            }
            if let Some(top) = limbs.last_mut() {
                *top &= u64::MAX >> 2; // both fields have 254 bits
            }
            let drawn = BigInt(limbs);
            if drawn < *modulus {
                return drawn;
            }
        }
    }

    /// A scalar; the number drawn is its Montgomery form.
    pub(super) fn scalar(&mut self) -> Fr {
        Fr::new_unchecked(self.below(&Fr::MODULUS))
    }

    fn coordinate(&mut self) -> Fq {
        Fq::new_unchecked(self.below(&Fq::MODULUS))
    }

    /// A point of G1.
    pub(super) fn g1(&mut self) -> G1Affine {
        self.point::<g1::Config>(Self::coordinate, is_upper)
    }

    /// A point of G2: one of its curve, times the curve's cofactor.
    pub(super) fn g2(&mut self) -> G2Affine {
        let point = self.point::<g2::Config>(
            |stream| Fq2::new(stream.coordinate(), stream.coordinate()),
            |y| {
                if y.c1 == Fq::ZERO {
                    is_upper(&y.c0)
                } else {
                    is_upper(&y.c1)
                }
            },
        );
        // Written out: shortcuts for this multiplication hold only inside the group.
        let mut sum = <G2Affine as AffineRepr>::Group::ZERO;
        let cofactor = <g2::Config as ark_ec::CurveConfig>::COFACTOR;
        for bit in ark_ff::BitIteratorBE::without_leading_zeros(cofactor) {
            sum.double_in_place();
            if bit {
                sum += point;
            }
        }
        sum.into_affine()
    }

    /// The first coordinate drawn that is on the curve, with the second coordinate that the bit
    /// drawn after it asks for.
    fn point<C: SWCurveConfig>(
        &mut self,
        coordinate: impl Fn(&mut Self) -> C::BaseField,
        is_upper: impl Fn(&C::BaseField) -> bool,
    ) -> Affine<C> {
        loop {
            let x = coordinate(self);
            let upper = self.0.next_u32() & 1 == 1;
            let square = x.square() * x + C::COEFF_B;
            if let Some(y) = square.sqrt() {
                let y = if is_upper(&y) == upper { y } else { -y };
                return Affine::new_unchecked(x, y);
            }
        }
    }
}

/// Whether a coordinate is in the upper half of the field.
fn is_upper(value: &Fq) -> bool {
    value.into_bigint() > Fq::MODULUS_MINUS_ONE_DIV_TWO
}
