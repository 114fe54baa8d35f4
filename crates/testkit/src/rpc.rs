//! The little JSON-RPC that steering a local chain takes.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

/// A JSON-RPC client of one node.
#[derive(Debug)]
pub struct Rpc {
    url: String,
    http: reqwest::Client,
    calls: AtomicU64,
}

/// A call a node did not answer as hoped.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// No answer, or none in JSON.
    #[error("{method} at {url}: no answer")]
    Unanswered {
        /// The method called.
        method: String,
        /// The node.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The node refused.
    #[error("{method}: the node answers {error}")]
    Refused {
        /// The method called.
        method: String,
        /// The error object.
        error: Value,
    },
    /// The node's answer is not of the shape the method has.
    #[error("{method}: unexpected answer {answer}")]
    Unexpected {
        /// The method called.
        method: String,
        /// The result.
        answer: Value,
    },
}

impl Rpc {
    /// A client for the node at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            http: reqwest::Client::new(),
            calls: AtomicU64::new(0),
        }
    }

    /// The node's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls `method` and returns its result.
    ///
    /// # Errors
    /// When the node does not answer or refuses.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, RpcError> {
        let id = self.calls.fetch_add(1, Ordering::Relaxed);
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let unanswered = |source| RpcError::Unanswered {
            method: method.to_owned(),
            url: self.url.clone(),
            source,
        };
        let response = self
            .http
            .post(&self.url)
            .json(&request)
            .send()
            .await
            .map_err(unanswered)?;
        let mut answer: Value = response.json().await.map_err(unanswered)?;
        match answer.get_mut("error").map(Value::take) {
            Some(error) if !error.is_null() => Err(RpcError::Refused {
                method: method.to_owned(),
                error,
            }),
            _ => Ok(answer.get_mut("result").map(Value::take).unwrap_or_default()),
        }
    }

    /// Calls a method whose result is a hexadecimal quantity.
    ///
    /// # Errors
    /// When the node does not answer, refuses, or answers something else.
    pub async fn quantity(&self, method: &str, params: Value) -> Result<u64, RpcError> {
        let answer = self.call(method, params).await?;
        quantity(&answer).ok_or_else(|| RpcError::Unexpected {
            method: method.to_owned(),
            answer,
        })
    }
}

/// A quantity as Ethereum nodes write it (`"0x1f"`); anvil sometimes writes plain numbers.
pub(crate) fn quantity(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => u64::from_str_radix(text.strip_prefix("0x")?, 16).ok(),
        Value::Number(number) => number.as_u64(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
