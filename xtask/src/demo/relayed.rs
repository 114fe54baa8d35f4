//! A vote without gas on its way, as the voter follows it.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::round::Operator;

/// The longest a vote may take to get on chain.
const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Follows a message until it is on chain, and tells each step once.
pub(super) fn follow(operator: &Operator, hash: &str) -> Result<()> {
    let (begun, mut told) = (Instant::now(), Vec::new());
    loop {
        let answer = operator.call("GET", &format!("/v1/messages/{hash}"), None)?;
        let message = answer.pointer("/messages/0").cloned().unwrap_or_default();
        let state = message.get("state").and_then(Value::as_str).unwrap_or("unknown");
        if told.last().map(String::as_str) != Some(state) {
            told.push(state.to_owned());
        }
        if let Some(inclusion) = message.get("inclusion").filter(|inclusion| !inclusion.is_null()) {
            println!(
                "    {}…: {}, message {} of the poll",
                short(hash),
                told.join(", "),
                inclusion["index"]
            );
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "message {hash} is not on chain: {message}");
        thread::sleep(LOOK_EVERY);
    }
}

fn short(hash: &str) -> String {
    hash.chars().take(8).collect()
}
