//! What a stale or lying node is asked and answers.

use serde_json::{Value, json};

use crate::rpc::quantity;

/// The block tags that mean "near the head".
const TAGS: [&str; 4] = ["latest", "pending", "safe", "finalized"];

/// Makes a request see the chain as it was at block `head`: tags become its number, later blocks are cut off.
pub(super) fn as_of(request: &mut Value, head: u64) {
    let seen = json!(format!("{head:#x}"));
    for param in request
        .get_mut("params")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if is_tag(param) {
            *param = seen.clone();
        }
        if let Some(filter) = param.as_object_mut().filter(|filter| filter.contains_key("fromBlock")) {
            let cut = |bound: &Value| is_tag(bound) || quantity(bound).is_some_and(|block| block > head);
            if filter.get("toBlock").is_none_or(cut) {
                filter.insert("toBlock".to_owned(), seen.clone());
            }
            if filter.get("fromBlock").is_some_and(cut) {
                filter.insert("fromBlock".to_owned(), seen.clone());
            }
        }
    }
}

fn is_tag(param: &Value) -> bool {
    param.as_str().is_some_and(|text| TAGS.contains(&text))
}

/// How many blocks an `eth_getLogs` request spans, if it names both ends as numbers.
pub(super) fn log_range(request: &Value) -> Option<u64> {
    let filter = request.get("params")?.get(0)?;
    let (from, to) = (quantity(filter.get("fromBlock")?)?, quantity(filter.get("toBlock")?)?);
    Some(to.saturating_sub(from).saturating_add(1))
}

/// Whether an `eth_call` is one of the function with this selector.
pub(super) fn calls(asked: &Value, selector: [u8; 4]) -> bool {
    let call = asked.get("params").and_then(|params| params.get(0));
    let data = call.and_then(|call| call.get("input").or_else(|| call.get("data")));
    let wanted = format!("0x{}", hex::encode(selector));
    data.and_then(Value::as_str)
        .is_some_and(|data| data.starts_with(&wanted))
}

/// An answer in hexadecimal whose word at this position is another one; none if it has no such word.
pub(super) fn with_another_word(answer: &str, position: usize) -> Option<String> {
    // the last digit of the word, behind `0x` and 64 digits for every word before it
    let last = 2 + 64 * position + 63;
    let other = if answer.get(last..=last)? == "1" { "2" } else { "1" };
    Some([answer.get(..last)?, other, answer.get(last + 1..)?].concat())
}

/// The logs of an answer to `eth_getLogs`.
pub(super) fn logs(answer: &mut Value) -> Option<&mut Vec<Value>> {
    answer.get_mut("result")?.as_array_mut()
}

/// A log that never was: the given one a position later, with another last byte.
pub(super) fn invented(log: &Value) -> Value {
    let mut copy = log.clone();
    if let Some(data) = log.get("data").and_then(Value::as_str) {
        let (head, last) = data.split_at(data.len().saturating_sub(1));
        let other = if last == "0" { "1" } else { "0" };
        set(&mut copy, "data", json!(format!("{head}{other}")));
    }
    if let Some(index) = log.get("logIndex").and_then(quantity) {
        set(&mut copy, "logIndex", json!(format!("{:#x}", index + 1)));
    }
    copy
}

/// Sets a field of an object.
pub(super) fn set(object: &mut Value, field: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(field.to_owned(), value);
    }
}
