//! One request through the faults to the node and back.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    fault::{Fault, Rule},
    rewrite,
    tally::Tally,
};
use crate::rpc::{Rpc, RpcError};

/// What the HTTP side does with the outcome.
pub(super) enum Outcome {
    /// Answer with this text.
    Answer(String),
    /// Answer with this HTTP status.
    Status(u16),
    /// Answer with the first half of this text.
    Broken(String),
    /// Close the connection.
    Close,
    /// Say nothing.
    Silence,
}

/// The node behind the proxy and what is to go wrong on the way.
#[derive(Debug)]
pub(super) struct Relay {
    /// One client for all requests: making one costs more than a call does.
    pub(super) node: Arc<Rpc>,
    pub(super) rules: Vec<Rule>,
    pub(super) tally: Tally,
}

impl Relay {
    /// Notes a request and says which faults strike it.
    pub(super) fn admit(&mut self, request: &Value) -> Vec<Fault> {
        let methods: Vec<String> = items(request).filter_map(method).map(str::to_owned).collect();
        self.tally.count(&methods);
        let faults: Vec<Fault> = self
            .rules
            .iter_mut()
            .filter_map(|rule| rule.strikes(&methods).then(|| rule.fault.clone()))
            .collect();
        self.tally.faults += u64::from(!faults.is_empty());
        faults
    }
}

/// Carries a request to the node under the faults that strike it.
pub(super) async fn carry(node: &Rpc, mut request: Value, faults: &[Fault]) -> Outcome {
    for fault in faults {
        match fault {
            Fault::Hang => return Outcome::Silence,
            Fault::Delay(time) => tokio::time::sleep(*time).await,
            Fault::Disconnect => return Outcome::Close,
            Fault::Status(status) => return Outcome::Status(*status),
            Fault::Error { code, message } => return Outcome::Answer(refusal(&request, *code, message)),
            Fault::MaxLogRange(blocks) => {
                if items(&request)
                    .filter_map(rewrite::log_range)
                    .any(|range| range > *blocks)
                {
                    let message = format!("query exceeds max block range {blocks}");
                    return Outcome::Answer(refusal(&request, -32005, &message));
                }
            }
            Fault::StaleHead { blocks } => {
                let Ok(head) = node.quantity("eth_blockNumber", json!([])).await else {
                    return Outcome::Close;
                };
                for item in items_mut(&mut request) {
                    rewrite::as_of(item, head.saturating_sub(*blocks));
                }
            }
            Fault::LoseAnswer
            | Fault::Truncate
            | Fault::DropLog { .. }
            | Fault::InventLog { .. }
            | Fault::OtherWord { .. }
            | Fault::OtherChain { .. } => {}
        }
    }
    match pass(node, &request, faults).await {
        Ok(answer) if has(faults, |fault| matches!(fault, Fault::Truncate)) => Outcome::Broken(answer),
        Ok(_) if has(faults, |fault| matches!(fault, Fault::LoseAnswer)) => Outcome::Close,
        Ok(answer) => Outcome::Answer(answer),
        Err(_) => Outcome::Close,
    }
}

fn has(faults: &[Fault], kind: fn(&Fault) -> bool) -> bool {
    faults.iter().any(kind)
}

/// Passes every call on and lets the lies into the answers.
async fn pass(node: &Rpc, request: &Value, faults: &[Fault]) -> Result<String, RpcError> {
    let mut answers = Vec::new();
    for item in items(request) {
        let called = method(item).unwrap_or_default();
        let params = item.get("params").cloned().unwrap_or_else(|| json!([]));
        let mut answer = json!({ "jsonrpc": "2.0", "id": item.get("id") });
        match node.call(called, params).await {
            Ok(result) => rewrite::set(&mut answer, "result", result),
            Err(RpcError::Refused { error, .. }) => rewrite::set(&mut answer, "error", error),
            Err(lost) => return Err(lost),
        }
        for fault in faults {
            lie(fault, item, &mut answer);
        }
        answers.push(answer);
    }
    let answer = if request.is_array() {
        Value::Array(answers)
    } else {
        answers.pop().unwrap_or_default()
    };
    Ok(answer.to_string())
}

fn lie(fault: &Fault, asked: &Value, answer: &mut Value) {
    match (fault, method(asked).unwrap_or_default()) {
        (Fault::StaleHead { blocks }, "eth_blockNumber") => {
            if let Some(head) = answer.get("result").and_then(crate::rpc::quantity) {
                rewrite::set(answer, "result", json!(format!("{:#x}", head.saturating_sub(*blocks))));
            }
        }
        (Fault::DropLog { position }, "eth_getLogs") => {
            if let Some(logs) = rewrite::logs(answer).filter(|logs| logs.len() > *position) {
                logs.remove(*position);
            }
        }
        (Fault::InventLog { position }, "eth_getLogs") => {
            if let Some(logs) = rewrite::logs(answer)
                && let Some(lie) = logs.get(*position).map(rewrite::invented)
            {
                logs.insert(position + 1, lie);
            }
        }
        (Fault::OtherWord { selector, word }, "eth_call") if rewrite::calls(asked, *selector) => {
            if let Some(lie) = answer
                .get("result")
                .and_then(Value::as_str)
                .and_then(|told| rewrite::with_another_word(told, *word))
            {
                rewrite::set(answer, "result", json!(lie));
            }
        }
        (Fault::OtherChain { id }, "eth_chainId") => rewrite::set(answer, "result", json!(format!("{id:#x}"))),
        _ => {}
    }
}

fn refusal(request: &Value, code: i64, message: &str) -> String {
    let error = json!({ "code": code, "message": message });
    let answers: Vec<Value> = items(request)
        .map(|item| json!({ "jsonrpc": "2.0", "id": item.get("id"), "error": error }))
        .collect();
    match answers.as_slice() {
        [one] if !request.is_array() => one.to_string(),
        all => json!(all).to_string(),
    }
}

fn method(item: &Value) -> Option<&str> {
    item.get("method")?.as_str()
}

fn items(request: &Value) -> impl Iterator<Item = &Value> {
    request
        .as_array()
        .map_or_else(|| std::slice::from_ref(request), Vec::as_slice)
        .iter()
}

fn items_mut(request: &mut Value) -> &mut [Value] {
    if request.is_array() {
        return request.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
    }
    std::slice::from_mut(request)
}
