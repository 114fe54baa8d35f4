//! Decrypting, checking and applying messages, beside `@maci-protocol/core`.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    report::Part,
    row::{Row, Unit},
};
use crate::{
    binary::{Profile, example},
    place::Place,
    shell::Tool,
};

/// Voters and messages of the poll both replay.
const VOTERS: u64 = 100;
const MESSAGES: u64 = 200;

/// How often ours is measured.
const ROUNDS: usize = 5;

/// Messages of the poll that shows whether our cost per message grows.
const MANY_MESSAGES: u64 = 20_000;

/// Replays polls of both sizes with ours, and the small one with the peer.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let program = example(place, profile, "replay_bench")?;
    let request = json!({ "mode": 0, "voters": VOTERS, "messages": MESSAGES });
    let script = Tool::new("node", &["src/bench/replay.js"], &place.at("clients"));
    let peer: Value = serde_json::from_str(&script.input(request.to_string()).read()?)?;
    let peer = peer
        .get("replayMsPerMessage")
        .and_then(Value::as_f64)
        .context("the peer's script gave no time")?;

    let ours = per_message(place, &program, VOTERS, MESSAGES)?;
    let many = per_message(place, &program, VOTERS, MANY_MESSAGES)?;
    let row = |what: String, ours, peer_name: &str, peer, goal| Row {
        what,
        ours,
        peer_name: peer_name.to_owned(),
        peer,
        unit: Unit::Millis,
        goal: Some(goal),
    };
    Ok(Part {
        name: "replay",
        title: "Replay",
        rows: vec![
            row(
                format!("a message of a poll with {VOTERS} voters, {MESSAGES} messages"),
                ours,
                "@maci-protocol/core under Node",
                peer,
                1.0 / 200.0,
            ),
            row(
                format!("a message of a poll with {MANY_MESSAGES} messages"),
                many,
                "ours, 200 messages",
                ours,
                1.25,
            ),
        ],
        notes: vec![
            "Quadratic votes at 10-20-2. Ours is everything from events to the circuit inputs of every message and ballot batch, the best of \
             five; the peer's is its `publishMessage` and `processMessages` alone, one run (its tally would add half as much again). \
             Making the messages is left out on both sides."
                .to_owned(),
        ],
    })
}

/// Milliseconds a message takes us, the best of some rounds: a small poll is over before a busy machine has warmed up.
fn per_message(place: &Place, program: &Path, voters: u64, messages: u64) -> Result<f64> {
    let round = [voters, messages].map(|number| number.to_string());
    let rounds: Vec<&str> = round.iter().cycle().take(2 * ROUNDS).map(String::as_str).collect();
    let text = Tool::new(&program.to_string_lossy(), &rounds, &place.root).read()?;
    let mut best = f64::INFINITY;
    for line in text.lines() {
        let round: Value = serde_json::from_str(line).with_context(|| format!("replay_bench says {line}"))?;
        let time = round.get("wall_ms_per_message").and_then(Value::as_f64);
        best = best.min(time.with_context(|| format!("no time in {line}"))?);
    }
    Ok(best)
}
