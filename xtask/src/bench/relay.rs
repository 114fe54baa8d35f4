//! The relayer under load: votes taken a second with a proof each, and how long a voter waits at half of what is to be
//! reached.

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

/// Messages in a request, and how many requests that takes.
const LOADS: [(&str, &str); 2] = [("1", "50000"), ("20", "8000")];

/// What the load generator said of one load.
struct Figures(Value);

/// Runs the load generator with one message per request and with as many as a request may have.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let folder = place.target.join("bench").join("relay");
    Coordinator::build(place, profile, Size::TINY, &folder)?.make_circuits()?;
    let program = example(place, profile, "relay_bench")?;
    let mut rows = Vec::new();
    let mut notes = vec![
        "Service, database (each vote is on the disk before it is answered), chain and the load generator share the \
         machine; every request has a proof that was not seen before. At 500 votes a second requests come at that rate \
         whether or not others were answered, and their time counts from when they were due. The poll has the tiny \
         circuits, which make no difference to checking a proof."
            .to_owned(),
    ];
    for (messages, requests) in LOADS {
        let said = Tool::new(&program.to_string_lossy(), &[], &place.root)
            .env("MACI_RELAY_MESSAGES", messages)
            .env("MACI_RELAY_REQUESTS", requests)
            .read()?;
        let figures = Figures(serde_json::from_str(
            said.lines().last().context("the load generator says nothing")?,
        )?);
        rows.extend(figures.rows(messages)?);
        notes.push(figures.cost(messages)?);
    }
    Ok(Part {
        name: "relay",
        title: "Votes without gas",
        rows,
        notes,
    })
}

impl Figures {
    fn get(&self, name: &str) -> Result<f64> {
        let figure = self.0.get(name).and_then(Value::as_f64);
        figure.with_context(|| format!("the load generator does not say {name}"))
    }

    fn rows(&self, messages: &str) -> Result<[Row; 3]> {
        let row = |what: String, ours, peer_name: &str, peer, goal| Row {
            what,
            ours,
            peer_name: peer_name.to_owned(),
            peer,
            unit: Unit::Millis,
            goal,
        };
        let each = 1_000.0 / self.get("votesPerSecond")?;
        let (p50, p99) = (self.get("p50")?, self.get("p99")?);
        let at = |which: &str| format!("{which} of an answer at 500 votes a second, {messages} in a request");
        Ok([
            row(
                format!("each vote as fast as it goes, {messages} in a request, every request with a new proof"),
                each,
                "1,000 votes a second",
                EACH,
                Some(1.0),
            ),
            row(at("p50"), p50, "the limit, 100 ms", PATIENCE, None),
            row(at("p99"), p99, "the limit, 100 ms", PATIENCE, Some(1.0)),
        ])
    }

    /// Who used the processors while votes came as fast as they went.
    fn cost(&self, messages: &str) -> Result<String> {
        let (service, generator) = (self.get("serviceCpu")?, self.get("generatorCpu")?);
        Ok(format!(
            "With {messages} in a request {:.0} votes a second were taken as fast as it goes. Of the processor time used \
             then {:.0} % was the load generator's ({generator:.1} s in 10 s; the service's {service:.1} s).",
            self.get("votesPerSecond")?,
            100.0 * generator / (service + generator),
        ))
    }
}
