//! The relayer under load: votes taken a second with a proof each, and how long a voter waits at half of that.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    report::Part,
    row::{Row, Unit},
};
use crate::{
    binary::{Profile, example},
    place::Place,
    round::{Coordinator, Size},
    shell::Tool,
};

/// The time a voter may wait for an answer, in milliseconds, in all but one of a hundred cases.
const PATIENCE: f64 = 100.0;

/// The time there is for each of a thousand votes a second, in milliseconds.
const EACH: f64 = 1.0;

/// Runs the load generator with one message per request and with as many as a request may have.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let folder = place.target.join("bench").join("relay");
    Coordinator::build(place, profile, Size::TINY, &folder)?.make_circuits()?;
    let program = example(place, profile, "relay_bench")?;
    let mut rows = Vec::new();
    for (messages, requests) in [("1", "30000"), ("20", "3000")] {
        let said = Tool::new(&program.to_string_lossy(), &[], &place.root)
            .env("MACI_RELAY_MESSAGES", messages)
            .env("MACI_RELAY_REQUESTS", requests)
            .read()?;
        let figures: Value = serde_json::from_str(said.lines().last().context("the load generator says nothing")?)?;
        let figure = |name: &str| figures.get(name).and_then(Value::as_f64).context("a figure is missing");
        let row = |what: String, ours, peer_name: &str, peer| Row {
            what,
            ours,
            peer_name: peer_name.to_owned(),
            peer,
            unit: Unit::Millis,
            goal: Some(1.0),
        };
        rows.push(row(
            format!("each vote taken, {messages} in a request, every request with a new proof"),
            1_000.0 / figure("votesPerSecond")?,
            "1,000 votes a second",
            EACH,
        ));
        rows.push(row(
            format!("p99 of an answer at half that load, {messages} in a request"),
            figure("p99")?,
            "the limit, 100 ms",
            PATIENCE,
        ));
    }
    Ok(Part {
        name: "relay",
        title: "Votes without gas",
        rows,
        notes: vec![
            "Service, database (each vote is on the disk before it is answered), chain and 64 clients share the machine. The \
             poll has the tiny circuits, which make no difference to checking a proof."
                .to_owned(),
        ],
    })
}
