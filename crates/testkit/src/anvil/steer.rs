//! Blocks, time, snapshots and reorgs in the test's hands.

use serde_json::{Value, json};

use super::Anvil;
use crate::rpc::{RpcError, quantity};

/// A state of the chain to go back to.
#[derive(Debug)]
pub struct Snapshot(Value);

impl Anvil {
    /// The number of the head.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn block_number(&self) -> Result<u64, RpcError> {
        self.rpc.quantity("eth_blockNumber", json!([])).await
    }

    /// The gas that a block's transactions used.
    ///
    /// # Errors
    /// When the chain does not answer or has no such block.
    pub async fn gas_used(&self, block: u64) -> Result<u64, RpcError> {
        let method = "eth_getBlockByNumber";
        let block = self.rpc.call(method, json!([format!("{block:#x}"), false])).await?;
        let used = block.get("gasUsed").and_then(quantity);
        used.ok_or_else(|| RpcError::Unexpected {
            method: method.to_owned(),
            answer: block,
        })
    }

    /// The head's timestamp, in Unix seconds.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn timestamp(&self) -> Result<u64, RpcError> {
        let method = "eth_getBlockByNumber";
        let head = self.rpc.call(method, json!(["latest", false])).await?;
        head.get("timestamp")
            .and_then(quantity)
            .ok_or_else(|| RpcError::Unexpected {
                method: method.to_owned(),
                answer: head,
            })
    }

    /// Mines empty blocks.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn mine(&self, blocks: u64) -> Result<(), RpcError> {
        self.rpc
            .call("anvil_mine", json!([format!("{blocks:#x}")]))
            .await
            .map(drop)
    }

    /// Moves the clock on and mines a block there.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn advance_by(&self, seconds: u64) -> Result<(), RpcError> {
        let now = self.timestamp().await?;
        self.advance_to(now.saturating_add(seconds)).await
    }

    /// Mines a block at `timestamp` (Unix seconds); one that has passed is refused by the chain.
    ///
    /// # Errors
    /// When the chain does not answer or the time has passed.
    pub async fn advance_to(&self, timestamp: u64) -> Result<(), RpcError> {
        self.rpc.call("evm_setNextBlockTimestamp", json!([timestamp])).await?;
        self.rpc.call("evm_mine", json!([])).await.map(drop)
    }

    /// Whether a transaction is mined as it arrives (at first it is).
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn automine(&self, on: bool) -> Result<(), RpcError> {
        self.rpc.call("evm_setAutomine", json!([on])).await.map(drop)
    }

    /// Forgets the transactions that wait to be mined.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn drop_pending(&self) -> Result<(), RpcError> {
        self.rpc.call("anvil_dropAllTransactions", json!([])).await.map(drop)
    }

    /// Remembers this state.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn snapshot(&self) -> Result<Snapshot, RpcError> {
        self.rpc.call("evm_snapshot", json!([])).await.map(Snapshot)
    }

    /// Goes back to a remembered state, which can be used once.
    ///
    /// # Errors
    /// When the chain does not answer or no longer knows the state.
    pub async fn revert(&self, Snapshot(id): Snapshot) -> Result<(), RpcError> {
        let method = "evm_revert";
        let answer = self.rpc.call(method, json!([id])).await?;
        if answer == Value::Bool(true) {
            Ok(())
        } else {
            Err(RpcError::Unexpected {
                method: method.to_owned(),
                answer,
            })
        }
    }

    /// Replaces the last `depth` blocks by empty ones.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn reorg(&self, depth: u64) -> Result<(), RpcError> {
        self.rpc.call("anvil_reorg", json!([depth, []])).await.map(drop)
    }

    /// Has an account call a contract whose key nobody here has, with money for gas; answers whether it succeeded.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub async fn call_as(&self, caller: &str, contract: &str, data: &str) -> Result<bool, RpcError> {
        const MUCH: &str = "0xde0b6b3a7640000000";
        const GAS: &str = "0x2dc6c0";
        self.rpc.call("anvil_impersonateAccount", json!([caller])).await?;
        self.rpc.call("anvil_setBalance", json!([caller, MUCH])).await?;
        let request = json!({ "from": caller, "to": contract, "gas": GAS, "data": data });
        let transaction = self.rpc.call("eth_sendTransaction", json!([request])).await?;
        let receipt = self.mined(&transaction).await?;
        self.rpc.call("anvil_stopImpersonatingAccount", json!([caller])).await?;
        Ok(receipt.get("status").and_then(quantity) == Some(1))
    }
}
