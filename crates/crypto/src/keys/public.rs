//! Public keys.

use super::{KeyError, parse_hex};
use crate::Fr;
use crate::constants;
use crate::curve::Point;
use crate::field::{fr_from_be_bytes, fr_to_be_bytes};
use crate::poseidon::hash2;
use ark_ff::{BigInteger, Field, PrimeField};
use std::fmt;

const PREFIX: &str = "macipk.";
const MAX_HEX_DIGITS: usize = 64;
/// The sign of x, in the top byte of the big-endian packed form.
const SIGN: u8 = 0x80;

/// A point of the curve that serves as a key. Nothing is promised about its order (the contracts promise nothing).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(Point);

impl PublicKey {
    /// The key of the blank leaf, whose private key nobody knows.
    pub const PAD: Self = Self(constants::PAD_KEY);

    /// A pair that lies on the curve.
    ///
    /// # Errors
    /// When it does not.
    pub fn new(point: Point) -> Result<Self, KeyError> {
        if point.is_on_curve() {
            Ok(Self(point))
        } else {
            Err(KeyError::NotOnCurve)
        }
    }

    /// A multiple of the generator, which needs no check.
    pub(super) const fn of_multiple(point: Point) -> Self {
        Self(point)
    }

    /// The key's coordinates.
    #[must_use]
    pub const fn point(&self) -> Point {
        self.0
    }

    /// `H2(x, y)`: the sign-up leaf, and for the coordinator the commitment in the contracts.
    #[must_use]
    pub fn hash(&self) -> Fr {
        hash2(self.0.x, self.0.y)
    }

    /// `y + 2^255` if x is above `(p−1)/2`, else `y`, as 32 big-endian bytes.
    #[must_use]
    pub fn packed(&self) -> [u8; 32] {
        let mut bytes = fr_to_be_bytes(&self.0.y);
        if is_upper_half(&self.0.x) {
            bytes[0] |= SIGN;
        }
        bytes
    }

    /// Reads the packed form.
    ///
    /// A y of `p` is refused (upstream lets it through as 0). A set sign bit with x = 0 is accepted as upstream does.
    ///
    /// # Errors
    /// When y is not below the modulus or the curve has no such point.
    pub fn unpack(packed: &[u8; 32]) -> Result<Self, KeyError> {
        let mut bytes = *packed;
        let negative = bytes[0] & SIGN != 0;
        bytes[0] &= !SIGN;
        let y = fr_from_be_bytes(&bytes).map_err(|_| KeyError::NotAField)?;
        let [a, d] = Point::COEFFICIENTS;
        let yy = y.square();
        let xx = (Fr::ONE - yy) * (a - d * yy).inverse().ok_or(KeyError::NotOnCurve)?;
        let root = xx.sqrt().ok_or(KeyError::NotOnCurve)?;
        let x = if is_upper_half(&root) == negative { root } else { -root };
        Ok(Self(Point { x, y }))
    }

    /// Reads `macipk.` and 1 to 64 hex digits of the packed form (the length varies, quirk Q-2).
    ///
    /// # Errors
    /// When prefix, length or a digit is wrong, or the number is not a packed point.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let digits = text.strip_prefix(PREFIX).ok_or(KeyError::Prefix { expected: PREFIX })?;
        if digits.is_empty() || digits.len() > MAX_HEX_DIGITS {
            return Err(KeyError::Length {
                expected: "1 to 64",
                found: digits.len(),
            });
        }
        Self::unpack(&parse_hex(digits)?)
    }

    /// `macipk.` and the packed form in lower-case hex without leading zero bytes (quirk Q-2).
    #[must_use]
    pub fn serialize(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packed = self.packed();
        let leading = packed.iter().take(31).take_while(|byte| **byte == 0).count();
        f.write_str(PREFIX)?;
        packed.iter().skip(leading).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// Whether x is above `(p−1)/2`.
fn is_upper_half(x: &Fr) -> bool {
    let mut doubled = x.into_bigint();
    doubled.mul2();
    doubled > Fr::MODULUS
}
