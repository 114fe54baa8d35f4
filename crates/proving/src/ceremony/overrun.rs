//! A point that snarkjs hashes and that is none.
//!
//! For a domain of more than 2^14 rows snarkjs hashes one difference more than it counts. With a
//! file that has just enough powers it reads the high power of that difference from behind the last
//! one: the next section's heading and the first bytes of its first point. These 64 bytes are no
//! reduced coordinates, and what its field arithmetic makes of them is not arithmetic in the field.
//! Keys of real ceremonies have this in their circuit's hash, so it is done here as it is done there:
//! in 256 bits, with at most one modulus added or taken off.

use ark_bn254::{Fq, G1Affine};
use ark_ff::{Field, PrimeField, Zero};
use num_bigint::BigUint;

use crate::formats::fields::{ELEMENT, base_from_montgomery, base_to_big_endian, base_to_montgomery};

/// What is hashed for `beyond − last`: two coordinates, the highest byte first.
pub(super) fn difference(beyond: &[u8; 2 * ELEMENT], last: &G1Affine) -> [u8; 2 * ELEMENT] {
    let words = Words::new();
    let (x, y) = beyond.split_at(ELEMENT);
    let beyond = [BigUint::from_bytes_le(x), BigUint::from_bytes_le(y)];
    let last = [last.x, -last.y].map(|value| BigUint::from_bytes_le(&base_to_montgomery(&value)));
    let [x, y, z] = words.add_points(&beyond, &last).map(|value| words.element(&value));
    let inverse = z.inverse().unwrap_or(Fq::zero());
    let affine = [x * inverse.square(), y * inverse.square() * inverse];
    let mut bytes = [0; 2 * ELEMENT];
    for (place, value) in bytes.as_chunks_mut::<ELEMENT>().0.iter_mut().zip(&affine) {
        *place = base_to_big_endian(value);
    }
    bytes
}

/// Arithmetic on words of 256 bits in Montgomery form, which is that of the field for reduced ones.
struct Words {
    modulus: BigUint,
    /// −1/modulus, modulo 2^256.
    inverse: BigUint,
    /// 2^256.
    limit: BigUint,
}

impl Words {
    fn new() -> Self {
        let (modulus, limit) = (BigUint::from(Fq::MODULUS), BigUint::from(1u8) << 256);
        let inverse = modulus.modinv(&limit).unwrap_or_default(); // the modulus is odd
        Self {
            inverse: &limit - inverse,
            modulus,
            limit,
        }
    }

    /// One modulus less if the value has more than 256 bits or is not reduced.
    fn reduced_once(&self, value: BigUint) -> BigUint {
        if value < self.modulus {
            return value;
        }
        (value + &self.limit - &self.modulus) % &self.limit
    }

    fn add(&self, a: &BigUint, b: &BigUint) -> BigUint {
        self.reduced_once(a + b)
    }

    fn sub(&self, a: &BigUint, b: &BigUint) -> BigUint {
        if a >= b {
            return a - b;
        }
        (a + &self.limit + &self.modulus - b) % &self.limit
    }

    fn mul(&self, a: &BigUint, b: &BigUint) -> BigUint {
        let product = a * b;
        let multiple = (&product * &self.inverse) % &self.limit;
        self.reduced_once((product + multiple * &self.modulus) / &self.limit)
    }

    /// Two different affine points as a projective one, by the formula `mmadd-2007-bl`.
    fn add_points(&self, [x1, y1]: &[BigUint; 2], [x2, y2]: &[BigUint; 2]) -> [BigUint; 3] {
        let twice = |value: &BigUint| self.add(value, value);
        let h = self.sub(x2, x1);
        let r = twice(&self.sub(y2, y1));
        let i = twice(&twice(&self.mul(&h, &h)));
        let j = self.mul(&h, &i);
        let v = self.mul(x1, &i);
        let x3 = self.sub(&self.sub(&self.mul(&r, &r), &j), &twice(&v));
        let y3 = self.mul(&self.sub(&v, &x3), &r);
        let y3 = self.sub(&y3, &twice(&self.mul(y1, &j)));
        [x3, y3, twice(&h)]
    }

    /// The element of the field that a word stands for.
    fn element(&self, word: &BigUint) -> Fq {
        let mut bytes = [0; ELEMENT];
        for (byte, digit) in bytes.iter_mut().zip((word % &self.modulus).to_bytes_le()) {
            *byte = digit;
        }
        base_from_montgomery(&bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use ark_ec::{AffineRepr, CurveGroup};

    use super::*;

    #[test]
    fn for_a_real_point_the_difference_is_that_of_the_curve() {
        let generator = G1Affine::generator();
        let seven = (generator * ark_bn254::Fr::from(7)).into_affine();
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&base_to_montgomery(&seven.x));
        bytes[32..].copy_from_slice(&base_to_montgomery(&seven.y));
        let six = (seven - generator).into_affine();
        let expected = [base_to_big_endian(&six.x), base_to_big_endian(&six.y)].concat();
        assert_eq!(difference(&bytes, &generator).to_vec(), expected);
    }

    #[test]
    fn for_a_heading_and_the_start_of_a_point_the_difference_is_that_of_snarkjs() {
        // Computed by snarkjs 0.7.6: section 3's heading in a file of 2^15 powers and the bytes behind it, less 7·G.
        let beyond = "0300000000004000000000002620bc02d1b5838e72017b493519ebdcdf1a8197\
                      4726b8fb3b5096af4138571940614ca87d73b4afc4d802585add4360862fa052";
        let expected = "044cf41262e6b87fd4318df375fc9cf59870fcc9b374f8833d5120a149c7ec49\
                        15eeebd9ffe97fcd488ffe444b80c2538afff502182716f9d57217b686ec461d";
        let beyond: [u8; 64] = hex::decode(beyond).unwrap().try_into().unwrap();
        let seven = (G1Affine::generator() * ark_bn254::Fr::from(7)).into_affine();
        assert_eq!(hex::encode(difference(&beyond, &seven)), expected);
    }
}
