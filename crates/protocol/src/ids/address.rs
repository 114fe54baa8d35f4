use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha3::{Digest, Keccak256};

use super::{IdError, bytes_from_hex, shortened};

/// An Ethereum address, of an account or a contract.
///
/// Written with the EIP-55 checksum; read in lower case, upper case or with a correct checksum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EthAddress(pub [u8; 20]);

impl EthAddress {
    /// The address nobody has.
    pub const ZERO: Self = Self([0; 20]);

    /// Whether this is the address nobody has, which contracts use for "none".
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// `0x` and forty lower-case digits.
    pub fn to_lower_hex(&self) -> String {
        format!("0x{}", hex::encode(self.0))
    }
}

impl fmt::Display for EthAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = hex::encode(self.0);
        let sum = hex::encode(Keccak256::digest(lower.as_bytes()));
        f.write_str("0x")?;
        for (digit, mark) in lower.chars().zip(sum.chars()) {
            let shown = if mark >= '8' { digit.to_ascii_uppercase() } else { digit };
            write!(f, "{shown}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for EthAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for EthAddress {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let address = Self(bytes_from_hex(text)?);
        let mixed = text.bytes().skip(2).any(|b| b.is_ascii_uppercase())
            && text.bytes().skip(2).any(|b| b.is_ascii_lowercase());
        if mixed && address.to_string() != text {
            return Err(IdError::Checksum { text: shortened(text) });
        }
        Ok(address)
    }
}

impl Serialize for EthAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EthAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
