//! The relayer under load: how many votes a second it takes, and how long a voter waits for an answer at a given rate.
//!
//! Service, chain, database and the load generator share one machine; the generator is a process of its own, so that what
//! it costs is known. Every request has a proof that was not seen before (one proof, blinded anew for each), and as many
//! messages as `MACI_RELAY_MESSAGES` says. Requests are made before anything is measured. The last line is JSON.
//!
//! - `venue`   the measured service
//! - `votes`   requests like no other
//! - `load`    the load generator
//! - `cost`    the processor time that a process has used

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measurement fails by panicking and reads how it is to measure"
)]

mod cost;
mod load;
mod venue;
mod votes;

use std::env::{args, current_exe, var};
use std::process::Stdio;

use maci_coordinator_core::service::Service;
use maci_testkit::Anvil;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use crate::load::{Order, Phase};

/// The word that makes this program the load generator.
const GENERATE: &str = "generate";

/// Votes a second at which answers are timed: half of what is to be reached.
const OFFERED: f64 = 500.0;

#[tokio::main]
async fn main() {
    if args().nth(1).as_deref() == Some(GENERATE) {
        load::generate().await;
        return;
    }
    let per_request: usize = number("MACI_RELAY_MESSAGES", 1);
    let folder = tempfile::tempdir().unwrap();
    let chain = Anvil::start().await.unwrap();
    let service = Service::start(venue::parts(folder.path(), &chain).await).await.unwrap();
    let poll = venue::deploy(&service, &chain).await;
    let proof = venue::joined_proof(&chain, poll).await;
    let order = Order {
        url: venue::listen(&service).await,
        poll,
        proof: proof.to_solidity().map(hex::encode).to_vec(),
        per_request,
        requests: number("MACI_RELAY_REQUESTS", 40_000),
        phases: vec![
            Phase::of(1.0, None),
            Phase::of(10.0, None),
            Phase::of(10.0, Some(OFFERED / per_request as f64)),
        ],
    };
    println!("{} requests with {per_request} messages each are made", order.requests);
    let [_, fast, offered] = measured(&order).await.try_into().unwrap();
    let votes = |phase: &Value| number_in(phase, "perSecond") * per_request as f64;
    println!(
        "as fast as it goes: {:.0} votes a second; at {:.0} a second: p50 {:.1} ms, p99 {:.1} ms",
        votes(&fast),
        votes(&offered),
        number_in(&offered, "p50"),
        number_in(&offered, "p99"),
    );
    println!(
        "{}",
        json!({
            "votesPerSecond": votes(&fast), "serviceCpu": fast["serviceCpu"], "generatorCpu": fast["generatorCpu"],
            "offered": votes(&offered), "p50": offered["p50"], "p99": offered["p99"], "worst": offered["worst"],
        })
    );
}

fn number(name: &str, otherwise: usize) -> usize {
    var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn number_in(phase: &Value, name: &str) -> f64 {
    phase[name].as_f64().unwrap()
}

/// Has the generator do what it is told; what it says of each phase, with the seconds of processor time that this
/// process used meanwhile.
async fn measured(order: &Order) -> Vec<Value> {
    let mut generator = Command::new(current_exe().unwrap())
        .arg(GENERATE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut input = generator.stdin.take().unwrap();
    input
        .write_all(serde_json::to_string(order).unwrap().as_bytes())
        .await
        .unwrap();
    drop(input);
    let mut lines = BufReader::new(generator.stdout.take().unwrap()).lines();
    // it says once that it begins, then what came of each phase
    lines.next_line().await.unwrap().unwrap();
    let (mut phases, mut before) = (Vec::new(), cost::seconds());
    while let Some(line) = lines.next_line().await.unwrap() {
        let mut phase: Value = serde_json::from_str(&line).unwrap();
        let now = cost::seconds();
        phase["serviceCpu"] = json!(now - before);
        before = now;
        phases.push(phase);
    }
    assert!(generator.wait().await.unwrap().success());
    phases
}
