//! Private keys and secret scalars.

use super::decimal::decimal;
use super::{KeyError, PublicKey, parse_hex};
use crate::Fr;
use crate::blake512;
use crate::curve::{Fl, fl_to_fr, mul_base8};
use ark_ff::{BigInt, PrimeField};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const PREFIX: &str = "macisk.";
const HEX_DIGITS: usize = 64;

/// A private key: a seed of 256 bits, never reduced. Erased when dropped; its `Debug` says nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PrivateKey {
    seed: [u8; 32],
}

impl PrivateKey {
    /// The key of 32 random bytes, read big-endian. The caller brings the randomness.
    #[must_use]
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self { seed }
    }

    /// The seed's bytes, big-endian. For sealing the key, nothing else.
    #[must_use]
    pub const fn expose_seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Reads `macisk.` and exactly 64 hex digits.
    ///
    /// # Errors
    /// When prefix, length or a digit is wrong; the error does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let digits = text.strip_prefix(PREFIX).ok_or(KeyError::Prefix { expected: PREFIX })?;
        if digits.len() != HEX_DIGITS {
            return Err(KeyError::Length {
                expected: "64",
                found: digits.len(),
            });
        }
        parse_hex(digits).map(Self::from_seed)
    }

    /// `macisk.` and 64 lower-case hex digits. The text is the key: it is erased when dropped.
    #[must_use]
    pub fn serialize(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + HEX_DIGITS));
        text.push_str(PREFIX);
        for nibble in self.seed.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
        text
    }

    /// The scalar that makes the public key and goes into circuits.
    #[must_use]
    pub fn secret_scalar(&self) -> SecretScalar {
        self.expand().secret_scalar()
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.secret_scalar().public_key()
    }

    /// Both halves of the seed's BLAKE-512 digest, the first one clamped.
    pub(crate) fn expand(&self) -> Expanded {
        let mut digest = blake512::digest(&decimal(&self.seed));
        let mut expanded = Expanded {
            clamped: [0; 32],
            nonce_key: [0; 32],
        };
        let (first, second) = digest.split_at(32);
        expanded.clamped.copy_from_slice(first);
        expanded.nonce_key.copy_from_slice(second);
        expanded.clamped[0] &= 0xf8;
        expanded.clamped[31] = expanded.clamped[31] & 0x7f | 0x40;
        digest.zeroize();
        expanded
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(redacted)")
    }
}

/// What a seed hashes to: the clamped signing scalar and the key of signature nonces.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Expanded {
    clamped: [u8; 32],
    pub(crate) nonce_key: [u8; 32],
}

impl Expanded {
    /// The clamped integer modulo the subgroup's order: the factor in signatures.
    pub(crate) fn signing_scalar(&self) -> Fl {
        Fl::from_le_bytes_mod_order(&self.clamped)
    }

    /// An eighth of the clamped integer, modulo the subgroup's order.
    pub(crate) fn secret_scalar(&self) -> SecretScalar {
        let mut limbs = [0u64; 4];
        for (limb, bytes) in limbs.iter_mut().zip(self.clamped.chunks_exact(8)) {
            *limb = bytes.iter().rev().fold(0, |limb, byte| limb << 8 | u64::from(*byte));
        }
        let mut eighth = BigInt(limbs) >> 3;
        let mut bytes = [0u8; 32];
        for (chunk, limb) in bytes.chunks_exact_mut(8).zip(eighth.0) {
            chunk.copy_from_slice(&limb.to_le_bytes());
        }
        let mut reduced = Fl::from_le_bytes_mod_order(&bytes);
        let scalar = SecretScalar {
            scalar: fl_to_fr(&reduced),
        };
        limbs.zeroize();
        eighth.zeroize();
        bytes.zeroize();
        reduced.zeroize();
        scalar
    }
}

/// The secret scalar (upstream: "formatted private key"), below the subgroup's order. Erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretScalar {
    scalar: Fr,
}

impl SecretScalar {
    /// The scalar as a circuit input. Whoever holds it can decrypt and sign: keep copies short-lived.
    #[must_use]
    pub const fn expose(&self) -> Fr {
        self.scalar
    }

    /// Takes back a scalar read from circuit inputs, if it is below the subgroup's order.
    #[must_use]
    pub fn from_canonical(scalar: Fr) -> Option<Self> {
        (scalar.into_bigint() < Fl::MODULUS).then_some(Self { scalar })
    }

    /// The public key, this multiple of the generator.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let mut integer = self.scalar.into_bigint();
        let point = mul_base8(&integer);
        integer.zeroize();
        PublicKey::of_multiple(point)
    }
}

impl fmt::Debug for SecretScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretScalar(redacted)")
    }
}

/// A private key with its public key.
#[derive(Debug, Clone)]
pub struct Keypair {
    /// The secret half.
    pub private_key: PrivateKey,
    /// The public half.
    pub public_key: PublicKey,
}

impl Keypair {
    /// The pair of 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        PrivateKey::from_seed(seed).into()
    }
}

impl From<PrivateKey> for Keypair {
    fn from(private_key: PrivateKey) -> Self {
        let public_key = private_key.public_key();
        Self {
            private_key,
            public_key,
        }
    }
}
