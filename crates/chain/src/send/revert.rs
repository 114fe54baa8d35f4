use std::fmt;

use alloy::primitives::Bytes;
use alloy::sol_types::{ContractError, GenericContractError, SolInterface};
use alloy::transports::{RpcError as Failure, TransportError};

use crate::contracts::errors::KnownErrors::KnownErrorsErrors;

/// Why a contract refused, as far as it said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revert {
    /// The error's name with its values, a `require`'s text, or a panic's meaning.
    text: String,
    data: Bytes,
}

impl Revert {
    /// Reads what a contract returned when it refused.
    pub fn from_data(data: &[u8]) -> Self {
        Self {
            text: explain(data),
            data: Bytes::copy_from_slice(data),
        }
    }

    /// A refusal without data, in the node's words.
    pub(super) fn from_words(words: &str) -> Self {
        Self {
            text: words.chars().take(300).collect(),
            data: Bytes::new(),
        }
    }

    /// The refusal in a node's error, if that is what the error is.
    pub fn from_failure(failure: &TransportError) -> Option<Self> {
        let Failure::ErrorResp(payload) = failure else {
            return None;
        };
        if let Some(data) = payload.as_revert_data() {
            return Some(Self::from_data(&data));
        }
        let words = payload.message.to_lowercase();
        let refused = [
            "revert",
            "out of gas",
            "outofgas",
            "invalid opcode",
            "invalidfeopcode",
            "stack underflow",
        ];
        refused
            .iter()
            .any(|sign| words.contains(sign))
            .then(|| Self::from_words(&payload.message))
    }

    /// Whether it is this error of the contracts.
    pub fn is<E: alloy::sol_types::SolError>(&self) -> bool {
        self.data.get(..4) == Some(&E::SELECTOR[..])
    }

    /// What the contract returned.
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

fn explain(data: &[u8]) -> String {
    if data.is_empty() {
        return "it gave no reason (a failed check without text, a missing contract, or out of gas)".to_owned();
    }
    if let Ok(error) = KnownErrorsErrors::abi_decode(data) {
        return plain(&format!("{error:?}"));
    }
    match GenericContractError::abi_decode(data) {
        Ok(ContractError::Revert(revert)) => revert.reason,
        Ok(ContractError::Panic(panic)) => panic.to_string(),
        Ok(ContractError::CustomError(_)) | Err(_) => {
            let shown: String = hex::encode(data).chars().take(136).collect();
            format!("an error this coordinator does not know: 0x{shown}")
        }
    }
}

/// `PollDoesNotExist(PollDoesNotExist { pollId: 3 })` as `PollDoesNotExist { pollId: 3 }`.
fn plain(debug: &str) -> String {
    let inner = debug
        .split_once('(')
        .map_or(debug, |(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    inner.trim().to_owned()
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
