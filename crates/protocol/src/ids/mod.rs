//! Names of things: which chain, which contract, which poll, which block, which message.
//!
//! - `address`   an Ethereum address, written with the EIP-55 checksum
//! - `chain`     chains, blocks and transactions
//! - `poll`      polls, and places inside one

mod address;
mod chain;
mod poll;

pub use address::EthAddress;
pub use chain::{BlockNumber, ChainId, TxHash};
pub use poll::{MessageIndex, PollId, PollRef, StateIndex};

/// A text that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not `0x` and the right number of hexadecimal digits.
    #[error("`{text}` is not 0x followed by {digits} hexadecimal digits")]
    NotHex {
        /// What was given.
        text: String,
        /// How many digits there should be.
        digits: usize,
    },
    /// Mixed-case address whose capitals do not match EIP-55.
    #[error("the capitals of `{text}` are not its checksum; was a character mistyped?")]
    Checksum {
        /// What was given.
        text: String,
    },
    /// Not a decimal number of 64 bits.
    #[error("`{text}` is not a whole number below 2^64")]
    NotANumber {
        /// What was given.
        text: String,
    },
}

/// Reads `0x` and exactly `2·N` hexadecimal digits.
fn bytes_from_hex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let refuse = || IdError::NotHex {
        text: shortened(text),
        digits: 2 * N,
    };
    let digits = text.strip_prefix("0x").ok_or_else(refuse)?;
    let mut bytes = [0u8; N];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| refuse())?;
    Ok(bytes)
}

/// Reads a plain decimal number, digits only.
fn number_from_decimal(text: &str) -> Result<u64, IdError> {
    let refuse = || IdError::NotANumber { text: shortened(text) };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refuse());
    }
    text.parse().map_err(|_| refuse())
}

/// At most the first 80 characters, so that an error never repeats a whole file.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
