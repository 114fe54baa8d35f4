//! Text and byte forms of the two BN254 fields.
//!
//! Everything MACI computes lives in the scalar field [`Fr`] (order `p` of protocol section 1); coordinates of
//! proofs and proving keys live in the base field [`Fq`](crate::Fq). Parsing is strict: a number at or above the
//! modulus is an error, never reduced, except where the name says so.

use crate::Fr;
use ark_ff::{BigInteger, PrimeField};
use num_bigint::BigUint;
use thiserror::Error;

/// Why a text or byte string is not a field element.
///
/// The offending text is not repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldError {
    /// The text has no digits.
    #[error("expected a number, found nothing")]
    Empty,
    /// A character is not a digit of the expected base.
    #[error("character {position} is not a digit of base {base}")]
    NotADigit {
        /// Position of the character, counted from 0 in bytes.
        position: usize,
        /// 10 or 16.
        base: u32,
    },
    /// The number is not below the field's modulus.
    #[error("the number is not below the field modulus")]
    NotBelowModulus,
}

/// Reads a decimal number below the modulus, digits only.
///
/// # Errors
/// When the text is empty, has another character than a digit, or is not below the modulus.
pub fn fr_from_decimal(text: &str) -> Result<Fr, FieldError> {
    from_text(text, 10)
}

/// Writes the canonical decimal form: no leading zeros, `0` for zero.
#[must_use]
pub fn fr_to_decimal(value: &Fr) -> String {
    to_biguint(value).to_string()
}

/// Reads a hexadecimal number below the modulus, with or without `0x`, in either case.
///
/// # Errors
/// When no digit follows, another character than a hex digit occurs, or the number is not below the modulus.
pub fn fr_from_hex(text: &str) -> Result<Fr, FieldError> {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    from_text(digits, 16)
}

/// Writes `0x` and as many lower-case hex digits as the number needs, `0x0` for zero.
#[must_use]
pub fn fr_to_hex(value: &Fr) -> String {
    format!("{:#x}", to_biguint(value))
}

/// Reduces big-endian bytes of any length modulo `p`.
#[must_use]
pub fn fr_from_be_bytes_mod_order(bytes: &[u8]) -> Fr {
    Fr::from_be_bytes_mod_order(bytes)
}

/// Reads 32 big-endian bytes whose number is below the modulus.
///
/// # Errors
/// When the number is not below the modulus.
pub fn fr_from_be_bytes(bytes: &[u8; 32]) -> Result<Fr, FieldError> {
    from_biguint(&BigUint::from_bytes_be(bytes))
}

/// The canonical number as 32 big-endian bytes.
#[must_use]
pub fn fr_to_be_bytes(value: &Fr) -> [u8; 32] {
    let mut bytes = fr_to_le_bytes(value);
    bytes.reverse();
    bytes
}

/// The canonical number as 32 little-endian bytes.
#[must_use]
pub fn fr_to_le_bytes(value: &Fr) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, limb) in bytes.chunks_exact_mut(8).zip(value.into_bigint().0) {
        chunk.copy_from_slice(&limb.to_le_bytes());
    }
    bytes
}

/// Reads a number below the modulus of any prime field as decimal text.
///
/// # Errors
/// As [`fr_from_decimal`].
pub fn from_decimal<F: PrimeField>(text: &str) -> Result<F, FieldError> {
    from_text(text, 10)
}

/// Writes an element of any prime field in canonical decimal form.
#[must_use]
pub fn to_decimal<F: PrimeField>(value: &F) -> String {
    to_biguint(value).to_string()
}

/// The number that a field element stands for.
#[must_use]
pub fn to_biguint<F: PrimeField>(value: &F) -> BigUint {
    BigUint::from_bytes_le(&value.into_bigint().to_bytes_le())
}

/// The field element of a number below the modulus.
///
/// # Errors
/// When the number is not below the modulus.
pub fn from_biguint<F: PrimeField>(number: &BigUint) -> Result<F, FieldError> {
    let modulus = BigUint::from_bytes_le(&F::MODULUS.to_bytes_le());
    if *number >= modulus {
        return Err(FieldError::NotBelowModulus);
    }
    Ok(F::from_le_bytes_mod_order(&number.to_bytes_le()))
}

/// No number below either modulus has more digits, so longer texts are refused before any arithmetic.
const MAX_DIGITS: usize = 128;

fn from_text<F: PrimeField>(text: &str, base: u32) -> Result<F, FieldError> {
    if text.is_empty() {
        return Err(FieldError::Empty);
    }
    if let Some(position) = text.bytes().position(|byte| !char::from(byte).is_digit(base)) {
        return Err(FieldError::NotADigit { position, base });
    }
    let significant = text.trim_start_matches('0');
    if significant.len() > MAX_DIGITS {
        return Err(FieldError::NotBelowModulus);
    }
    let number = BigUint::parse_bytes(significant.as_bytes(), base).unwrap_or_default();
    from_biguint(&number)
}
