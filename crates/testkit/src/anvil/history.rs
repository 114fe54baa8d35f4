//! Which calls the chain has seen, read from its blocks: the judge of "exactly once".

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use super::Anvil;
use crate::rpc::{RpcError, quantity};

/// The wait between two looks for a receipt: anvil answers before it has mined.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A mined transaction to a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its block's number.
    pub block: u64,
    /// Who was called, lower-case hexadecimal.
    pub to: String,
    /// The function's selector, lower-case hexadecimal with `0x`.
    pub selector: String,
    /// The whole input, lower-case hexadecimal with `0x`.
    pub input: String,
    /// Whether it did not revert.
    pub succeeded: bool,
}

/// A call that was not made exactly once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOnce {
    /// The contract refused it.
    #[error("{0:?} reverted")]
    Reverted(Call),
    /// It was made more than once.
    #[error("{0:?} was made twice")]
    Twice(Call),
}

/// How many calls there are, if each of them succeeded and was made once. They are told apart by their whole input.
///
/// # Errors
/// The first that was not.
pub fn each_once(calls: &[Call]) -> Result<usize, NotOnce> {
    let mut seen = BTreeSet::new();
    for call in calls {
        if !call.succeeded {
            return Err(NotOnce::Reverted(call.clone()));
        }
        if !seen.insert((&call.to, &call.input)) {
            return Err(NotOnce::Twice(call.clone()));
        }
    }
    Ok(seen.len())
}

impl Anvil {
    /// Every call in the blocks from `first` to the head, in order.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn calls_since(&self, first: u64) -> Result<Vec<Call>, RpcError> {
        let mut calls = Vec::new();
        for block in first..=self.block_number().await? {
            let found = self
                .rpc
                .call("eth_getBlockByNumber", json!([format!("{block:#x}"), true]))
                .await?;
            for transaction in found
                .get("transactions")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(to) = text(transaction, "to") {
                    let input = text(transaction, "input").unwrap_or_default();
                    let selector = input.get(..10).unwrap_or(&input).to_owned();
                    let succeeded = self.succeeded(transaction).await?;
                    calls.push(Call {
                        block,
                        to,
                        selector,
                        input,
                        succeeded,
                    });
                }
            }
        }
        Ok(calls)
    }

    /// Waits until a transaction is mined and returns its receipt.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn mined(&self, transaction: &Value) -> Result<Value, RpcError> {
        loop {
            let receipt = self.rpc.call("eth_getTransactionReceipt", json!([transaction])).await?;
            if !receipt.is_null() {
                return Ok(receipt);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn succeeded(&self, transaction: &Value) -> Result<bool, RpcError> {
        let receipt = self
            .rpc
            .call("eth_getTransactionReceipt", json!([transaction.get("hash")]))
            .await?;
        Ok(receipt.get("status").and_then(quantity) == Some(1))
    }
}

fn text(transaction: &Value, field: &str) -> Option<String> {
    transaction.get(field).and_then(Value::as_str).map(str::to_lowercase)
}
