//! What the service tells meanwhile, as a person reads it.

use serde_json::{Value, json};

/// The event that ends a round: the result is on chain and was checked against it.
pub(crate) fn end() -> Value {
    json!({ "kind": "poll-stage", "body": { "verified": true } })
}

/// Shows what a socket is told while the service proves.
pub(crate) fn tell_live(said: &Value) {
    match said.get("phase").and_then(Value::as_str) {
        Some(phase) => println!("    {}", proved(phase, said)),
        None => println!("    a job is at work: {}", word(said, "kind")),
    }
}

/// Shows an event, if it is one that a person wants to see.
pub(crate) fn tell(event: &Value) {
    let kind = event.get("kind").and_then(Value::as_str).unwrap_or_default();
    let body = event.get("body").unwrap_or(&Value::Null);
    let line = match kind {
        "poll-stage" if body.get("verified").is_some() => "the result is checked against the chain".to_owned(),
        "poll-stage" => format!("the poll stands at: {}", word(body, "stage")),
        "batch-proved" => proved(&word(body, "phase"), body),
        "progress" if word(body, "event") == "mined" => format!("on chain: {}", word(body, "what")),
        "job-started" => format!("a job is at work: {}", word(body, "kind")),
        "job-retrying" => format!("a step failed and is tried again: {body}"),
        "job-done" => format!("the job is done: {}", word(body, "kind")),
        _ => return,
    };
    println!("    {line}");
}

fn proved(phase: &str, batch: &Value) -> String {
    let number = batch.get("current").and_then(Value::as_u64).unwrap_or_default() + 1;
    format!("{phase} proof {number} of {} is made", word(batch, "total"))
}

/// A field as a person reads it.
fn word(body: &Value, field: &str) -> String {
    match body.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "?".to_owned(),
    }
}
