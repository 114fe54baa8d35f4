//! Keys as voters and coordinators hold them (protocol section 2).
//!
//! - `private`   the seed and the secret scalar derived from it; both erased when dropped, neither printable
//! - `public`   a point of the curve with its packed and serialised forms
//! - `decimal`   the seed's decimal text, which is what gets hashed (quirk Q-1)

mod decimal;
mod private;
mod public;

pub use private::{Keypair, PrivateKey, SecretScalar};
pub use public::PublicKey;

use thiserror::Error;

/// Why a text or a pair is not a key. The offending text is not repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The text does not start as keys of this kind do.
    #[error("expected a key that starts with `{expected}`")]
    Prefix {
        /// `macisk.` or `macipk.`.
        expected: &'static str,
    },
    /// The number of characters after the prefix is wrong.
    #[error("expected {expected} hex digits after the prefix, found {found}")]
    Length {
        /// What is allowed, in words.
        expected: &'static str,
        /// Characters found.
        found: usize,
    },
    /// A character after the prefix is not a hex digit.
    #[error("character {position} after the prefix is not a hex digit")]
    NotHex {
        /// Position of the character after the prefix, counted from 0 in bytes.
        position: usize,
    },
    /// The packed y coordinate is not below the field modulus.
    #[error("the packed y coordinate is not below the field modulus")]
    NotAField,
    /// The curve has no point with that y, or the pair is not on the curve.
    #[error("the key is not a point of Baby Jubjub")]
    NotOnCurve,
}

/// Hex digits, right-aligned in 32 bytes.
fn parse_hex(digits: &str) -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    for (position, digit) in digits.bytes().enumerate() {
        let value = char::from(digit).to_digit(16).ok_or(KeyError::NotHex { position })?;
        let from_end = digits.len() - 1 - position;
        if let Some(byte) = bytes.iter_mut().rev().nth(from_end / 2) {
            *byte |= (value as u8) << (4 * (from_end % 2));
        }
    }
    Ok(bytes)
}
