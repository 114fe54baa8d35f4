//! What the service tells meanwhile, as a person reads it.

use serde_json::{Value, json};

/// The event that ends a round: the result is on chain and was checked against it.
pub(crate) fn end() -> Value {
    json!({ "kind": "poll-stage", "body": { "verified": true } })
}

/// Shows events as lines.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    told: usize,
}

impl Progress {
    /// Shows an event, if it is one that a person wants to see.
    pub(crate) fn tell(&mut self, event: &Value) {
        let kind = event.get("kind").and_then(Value::as_str).unwrap_or_default();
        let body = event.get("body").unwrap_or(&Value::Null);
        let line = match kind {
            "poll-stage" if body.get("verified").is_some() => "the result is checked against the chain".to_owned(),
            "poll-stage" => format!("the poll stands at: {}", word(body, "stage")),
            "batch-proved" => format!(
                "{} proof {} of {} is made",
                word(body, "phase"),
                body.get("current").and_then(Value::as_u64).unwrap_or_default() + 1,
                word(body, "total"),
            ),
            "progress" if word(body, "event") == "mined" => format!("on chain: {}", word(body, "what")),
            "job-started" => format!("a job is at work: {}", word(body, "kind")),
            "job-retrying" => format!("a step failed and is tried again: {body}"),
            "job-done" => format!("the job is done: {}", word(body, "kind")),
            _ => return,
        };
        self.told += 1;
        println!("    {line}");
    }
}

/// A field as a person reads it.
fn word(body: &Value, field: &str) -> String {
    match body.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "?".to_owned(),
    }
}
