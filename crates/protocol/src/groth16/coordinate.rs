use ark_ff::{BigInt, PrimeField};
use maci_crypto::{Fq, field};

/// Reads a decimal number below the base field's order.
pub(super) fn from_decimal(text: &str) -> Option<Fq> {
    field::from_decimal(text).ok()
}

/// Writes a coordinate as a decimal number.
pub(super) fn to_decimal(coordinate: &Fq) -> String {
    field::to_decimal(coordinate)
}

/// Writes a coordinate as a Solidity `uint256`.
pub(super) fn to_word(coordinate: &Fq) -> [u8; 32] {
    let mut word = [0; 32];
    for (chunk, limb) in word.rchunks_exact_mut(8).zip(coordinate.into_bigint().0) {
        chunk.copy_from_slice(&limb.to_be_bytes());
    }
    word
}

/// Reads a Solidity `uint256` below the base field's order.
pub(super) fn from_word(word: &[u8; 32]) -> Option<Fq> {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(word.rchunks_exact(8)) {
        *limb = chunk.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    Fq::from_bigint(BigInt(limbs))
}
