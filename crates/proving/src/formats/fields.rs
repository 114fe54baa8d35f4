//! Field elements as the formats hold them: 32 little-endian bytes, plain or in Montgomery form.

use ark_bn254::{Fq, Fr};
use ark_ff::{BigInt, MontConfig, PrimeField};

/// Bytes of one element of either field.
pub(crate) const ELEMENT: usize = 32;

/// The order of the scalar field, as files state it.
pub(crate) fn scalar_modulus() -> [u8; ELEMENT] {
    limbs_to_bytes(Fr::MODULUS)
}

/// The order of the base field, as files state it.
pub(crate) fn base_modulus() -> [u8; ELEMENT] {
    limbs_to_bytes(Fq::MODULUS)
}

/// A scalar from its plain form; nothing if it is not reduced.
pub(crate) fn scalar_from_plain(bytes: &[u8; ELEMENT]) -> Option<Fr> {
    Fr::from_bigint(limbs_from_bytes(bytes))
}

/// The plain form of a scalar.
pub(crate) fn scalar_to_plain(value: &Fr) -> [u8; ELEMENT] {
    limbs_to_bytes(value.into_bigint())
}

/// A scalar from its Montgomery form (the value times 2^256); nothing if it is not reduced.
pub(crate) fn scalar_from_montgomery(bytes: &[u8; ELEMENT]) -> Option<Fr> {
    let limbs = limbs_from_bytes(bytes);
    (limbs < Fr::MODULUS).then(|| Fr::new_unchecked(limbs))
}

/// The Montgomery form of a scalar.
pub(crate) fn scalar_to_montgomery(value: &Fr) -> [u8; ELEMENT] {
    limbs_to_bytes(value.0)
}

/// A coordinate from its Montgomery form; nothing if it is not reduced.
pub(crate) fn base_from_montgomery(bytes: &[u8; ELEMENT]) -> Option<Fq> {
    let limbs = limbs_from_bytes(bytes);
    (limbs < Fq::MODULUS).then(|| Fq::new_unchecked(limbs))
}

/// The Montgomery form of a coordinate.
pub(crate) fn base_to_montgomery(value: &Fq) -> [u8; ELEMENT] {
    limbs_to_bytes(value.0)
}

/// The plain form of a coordinate, its highest byte first.
pub(crate) fn base_to_big_endian(value: &Fq) -> [u8; ELEMENT] {
    let mut bytes = limbs_to_bytes(value.into_bigint());
    bytes.reverse();
    bytes
}

/// The factor between a value and its Montgomery form in the scalar field, 2^256 mod r.
pub(crate) fn montgomery_factor() -> Fr {
    Fr::new(ark_bn254::FrConfig::R)
}

fn limbs_from_bytes(bytes: &[u8; ELEMENT]) -> BigInt<4> {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *limb = u64::from_le_bytes(*chunk);
    }
    BigInt(limbs)
}

fn limbs_to_bytes(value: BigInt<4>) -> [u8; ELEMENT] {
    let mut bytes = [0; ELEMENT];
    for (chunk, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(value.0) {
        *chunk = limb.to_le_bytes();
    }
    bytes
}
