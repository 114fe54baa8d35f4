//! A wallet that takes several calls at once (EIP-5792) and sends them, one after the other, from an account of the node.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::rpc::{Rpc, RpcError};

/// What a wallet answers while a batch is on its way, and when all or a part of it is on the chain.
const PENDING: u64 = 100;
const COMPLETE: u64 = 200;
const PARTLY: u64 = 600;

/// A wallet with `wallet_sendCalls` and `wallet_getCallsStatus`.
#[derive(Debug)]
pub struct BatchWallet<'a> {
    node: &'a Rpc,
    /// How many calls of a batch it sends before its owner loses patience; all if not given.
    most: Option<usize>,
    batches: BTreeMap<String, Batch>,
}

#[derive(Debug)]
struct Batch {
    asked: usize,
    sent: Vec<Value>,
}

impl<'a> BatchWallet<'a> {
    /// A wallet that sends all it is asked.
    pub fn on(node: &'a Rpc) -> Self {
        Self {
            node,
            most: None,
            batches: BTreeMap::new(),
        }
    }

    /// One whose owner confirms only the first so many calls of a batch.
    #[must_use]
    pub fn stopping_after(self, calls: usize) -> Self {
        Self {
            most: Some(calls),
            ..self
        }
    }

    /// `wallet_sendCalls`: sends the calls of a request and answers the batch's id.
    ///
    /// # Errors
    /// When the node refuses a call.
    pub async fn send_calls(&mut self, request: &Value) -> Result<String, RpcError> {
        let batch = request.get("params").and_then(|params| params.get(0)).cloned();
        let batch = batch.unwrap_or_default();
        let calls = batch
            .get("calls")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let (asked, mut sent) = (calls.len(), Vec::new());
        for mut call in calls.into_iter().take(self.most.unwrap_or(usize::MAX)) {
            if let Some(fields) = call.as_object_mut() {
                fields.insert("from".to_owned(), batch.get("from").cloned().unwrap_or_default());
            }
            sent.push(self.node.call("eth_sendTransaction", json!([call])).await?);
        }
        let id = format!("batch-{}", self.batches.len());
        self.batches.insert(id.clone(), Batch { asked, sent });
        Ok(id)
    }

    /// `wallet_getCallsStatus`, asked until everything that was sent is mined: a node answers before it has made the block.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn settled(&self, id: &str) -> Result<Value, RpcError> {
        loop {
            let status = self.calls_status(id).await?;
            if status.get("status") != Some(&json!(PENDING)) {
                return Ok(status);
            }
            tokio::task::yield_now().await;
        }
    }

    /// `wallet_getCallsStatus`: how a batch stands, with a receipt for every call that is mined.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn calls_status(&self, id: &str) -> Result<Value, RpcError> {
        let Some(batch) = self.batches.get(id) else {
            return Ok(Value::Null);
        };
        let mut receipts = Vec::new();
        for hash in &batch.sent {
            let receipt = self.node.call("eth_getTransactionReceipt", json!([hash])).await?;
            receipts.extend(Some(receipt).filter(|receipt| !receipt.is_null()));
        }
        let status = match receipts.len() {
            mined if mined < batch.sent.len() => PENDING,
            mined if mined < batch.asked => PARTLY,
            _ => COMPLETE,
        };
        Ok(json!({ "version": "2.0.0", "id": id, "status": status, "atomic": false, "receipts": receipts }))
    }
}
