use alloy::dyn_abi::DynSolValue;
use alloy::primitives::{B256, U256};
use maci_protocol::ids::EthAddress;
use serde_json::Value;

use crate::words::address;

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// The address of a contract, where code must be.
    Contract,
    /// Any address but zero.
    Account,
    /// A whole number below 2^256, as a number or as text, decimal or `0x…`.
    Number,
    /// Several of them, at least one.
    Numbers,
    /// `0x` and 64 hexadecimal digits, not all zero.
    Hash,
    /// A number, or a UUID taken as one.
    EventId,
}

impl ArgumentKind {
    /// The type in Solidity.
    #[must_use]
    pub const fn solidity(self) -> &'static str {
        match self {
            Self::Contract | Self::Account => "address",
            Self::Number | Self::EventId => "uint256",
            Self::Numbers => "uint256[]",
            Self::Hash => "bytes32",
        }
    }

    /// What a value must be, in words that follow its place.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Contract | Self::Account => "must be an address: 0x and 40 hexadecimal digits, not all zero",
            Self::Number => "must be a whole number below 2^256, as a number or as text",
            Self::Numbers => "must be a list of at least one whole number below 2^256",
            Self::Hash => "must be 0x and 64 hexadecimal digits, not all zero",
            Self::EventId => "must be a UUID or a whole number",
        }
    }

    /// A value as the factory takes it; none if it breaks the rule.
    pub(super) fn read(self, value: &Value) -> Option<DynSolValue> {
        match self {
            Self::Contract | Self::Account => {
                let at: EthAddress = value.as_str()?.parse().ok()?;
                (!at.is_zero()).then(|| DynSolValue::Address(address(at)))
            }
            Self::Number => number(value).map(uint),
            Self::Numbers => {
                let numbers: Option<Vec<_>> = value.as_array()?.iter().map(number).collect();
                let numbers: Vec<_> = numbers?.into_iter().map(uint).collect();
                (!numbers.is_empty()).then_some(DynSolValue::Array(numbers))
            }
            Self::Hash => {
                let hash: B256 = value.as_str()?.parse().ok()?;
                (!hash.is_zero()).then_some(DynSolValue::FixedBytes(hash, 32))
            }
            Self::EventId => number(value).or_else(|| uuid(value.as_str()?)).map(uint),
        }
    }
}

fn uint(number: U256) -> DynSolValue {
    DynSolValue::Uint(number, 256)
}

/// A whole number, as a number or as text.
pub(in crate::deploy) fn number(value: &Value) -> Option<U256> {
    match value {
        Value::Number(number) => number.as_u64().map(U256::from),
        Value::String(text) => match text.strip_prefix("0x") {
            Some(digits) if is_all(digits, u8::is_ascii_hexdigit) => U256::from_str_radix(digits, 16).ok(),
            None if is_all(text, u8::is_ascii_digit) => U256::from_str_radix(text, 10).ok(),
            Some(_) | None => None,
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_all(text: &str, is: impl Fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.as_bytes().iter().all(is)
}

/// A UUID as the number its 32 digits make.
fn uuid(text: &str) -> Option<U256> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.concat();
    (lengths == [8, 4, 4, 4, 12] && is_all(&digits, u8::is_ascii_hexdigit))
        .then(|| U256::from_str_radix(&digits, 16).ok())
        .flatten()
}
