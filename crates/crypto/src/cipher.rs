//! The Poseidon duplex cipher of messages (protocol section 4).
//!
//! State width 4, rate 3. The circuits decrypt *without* looking at padding and tag, so replay must use
//! [`decrypt_unchecked`]; [`decrypt`] is for clients that read their own messages.

use crate::Fr;
use crate::curve::Point;
use crate::poseidon::permute;
use ark_ff::{AdditiveGroup, BigInt, PrimeField};
use thiserror::Error;

/// Elements absorbed per permutation.
const RATE: usize = 3;

/// Why a ciphertext does not decrypt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CipherError {
    /// The number of elements cannot belong to a plaintext of the expected length.
    #[error("a plaintext of {plaintext} elements has a ciphertext of {expected}, not {found}")]
    Length {
        /// Elements of the plaintext asked for.
        plaintext: usize,
        /// Elements its ciphertext has.
        expected: usize,
        /// Elements given.
        found: usize,
    },
    /// Padding or tag is wrong: another key, another nonce, or changed data.
    #[error("the ciphertext was not made with this key and nonce, or was changed")]
    Tampered,
}

/// Elements in the ciphertext of a plaintext of `plaintext` elements: padded to whole blocks, plus the tag.
#[must_use]
pub const fn ciphertext_length(plaintext: usize) -> usize {
    plaintext.div_ceil(RATE) * RATE + 1
}

/// Encrypts any number of elements under a shared key.
#[must_use]
pub fn encrypt(plaintext: &[Fr], key: &Point, nonce: u128) -> Vec<Fr> {
    let mut duplex = Duplex::new(key, nonce, plaintext.len());
    let mut ciphertext = Vec::with_capacity(ciphertext_length(plaintext.len()));
    for block in plaintext.chunks(RATE) {
        let [a, b, c] = crate::poseidon::padded(block);
        let [s0, s1, s2, s3] = duplex.squeeze();
        duplex.state = [s0, s1 + a, s2 + b, s3 + c];
        ciphertext.extend([s1 + a, s2 + b, s3 + c]);
    }
    let [_, tag, _, _] = duplex.squeeze();
    ciphertext.push(tag);
    ciphertext
}

/// Decrypts and checks padding and tag.
///
/// # Errors
/// When the length is wrong, or the ciphertext was not made with this key and nonce.
pub fn decrypt(ciphertext: &[Fr], key: &Point, nonce: u128, length: usize) -> Result<Vec<Fr>, CipherError> {
    let (plaintext, intact) = open(ciphertext, key, nonce, length)?;
    if intact {
        Ok(plaintext)
    } else {
        Err(CipherError::Tampered)
    }
}

/// Decrypts the way the circuits do: whatever comes out, comes out.
///
/// # Errors
/// Only when the number of ciphertext elements is not that of a plaintext of `length`.
pub fn decrypt_unchecked(ciphertext: &[Fr], key: &Point, nonce: u128, length: usize) -> Result<Vec<Fr>, CipherError> {
    open(ciphertext, key, nonce, length).map(|(plaintext, _)| plaintext)
}

/// The plaintext, and whether padding and tag are right.
fn open(ciphertext: &[Fr], key: &Point, nonce: u128, length: usize) -> Result<(Vec<Fr>, bool), CipherError> {
    let expected = ciphertext_length(length);
    let (Some((tag, blocks)), true) = (ciphertext.split_last(), ciphertext.len() == expected) else {
        return Err(CipherError::Length {
            plaintext: length,
            expected,
            found: ciphertext.len(),
        });
    };
    let mut duplex = Duplex::new(key, nonce, length);
    let mut plaintext = Vec::with_capacity(blocks.len());
    for block in blocks.chunks(RATE) {
        let [a, b, c] = crate::poseidon::padded(block);
        let [s0, s1, s2, s3] = duplex.squeeze();
        plaintext.extend([a - s1, b - s2, c - s3]);
        duplex.state = [s0, a, b, c];
    }
    let [_, expected_tag, _, _] = duplex.squeeze();
    let padding_is_zero = plaintext.iter().skip(length).all(|element| *element == Fr::ZERO);
    plaintext.truncate(length);
    Ok((plaintext, padding_is_zero && *tag == expected_tag))
}

struct Duplex {
    state: [Fr; 4],
}

impl Duplex {
    fn new(key: &Point, nonce: u128, length: usize) -> Self {
        Self {
            state: [Fr::ZERO, key.x, key.y, domain(nonce, length)],
        }
    }

    fn squeeze(&mut self) -> [Fr; 4] {
        permute(&mut self.state);
        self.state
    }
}

/// `nonce + length · 2^128`.
fn domain(nonce: u128, length: usize) -> Fr {
    Fr::from_bigint(BigInt([nonce as u64, (nonce >> 64) as u64, length as u64, 0])).unwrap_or_default()
}
