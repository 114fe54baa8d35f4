//! What the finaliser adds to its witnesses and proofs, and the memory it takes: a whole poll, finalised twice from the
//! same state of the chain. One proof at a time tells what each witness and proof takes; what is measured is the other.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    peak,
    report::Part,
    row::{Row, Unit},
};
use crate::{
    binary::Profile,
    place::Place,
    round::{Chain, Clients, Coordinator, Size, Vote},
};

/// Voters, and votes of each: with the placeholder, eight batches of 20 messages.
const VOTERS: usize = 13;
const VOTES_EACH: u64 = 12;

/// Memory that proving may take.
const MOST_MEMORY: f64 = (1_u64 << 30) as f64;

/// Holds a poll at 10-20-2 and measures its finalisation.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let folder = place.target.join("bench/round");
    let coordinator = Coordinator::build(place, profile, Size::TEST, &folder)?;
    coordinator.make_circuits()?;
    let chain = Chain::start(place)?;
    let coordinator = coordinator.at(&chain.url);
    let clients = Clients::new(place, &chain.url);
    coordinator.make_key()?;
    clients.fund(&coordinator.gas_address()?)?;
    let clients = clients.at(&coordinator.deploy_maci()?);
    coordinator.deploy_poll()?;
    let voters = clients.enter(VOTERS, &coordinator.joining_circuit()?)?;
    clients.vote(&voters, &votes())?;
    clients.pass_the_end(60)?;

    let ended = clients.remember()?;
    let alone = peak::run(&mut coordinator.twin()?.finalising(&["--parallel", "1"]))?;
    clients.go_back(&ended)?;
    let run = peak::run(&mut coordinator.finalising(&[]))?;
    coordinator.verify()?;
    let proved: Vec<f64> = alone
        .text
        .lines()
        .filter_map(|line| proof_millis(line).transpose())
        .collect::<Result<_>>()?;
    ensure!(!proved.is_empty(), "the finaliser reported no proofs:\n{}", alone.text);
    let bytes = run
        .peak_bytes
        .context("this system does not tell a program's peak memory")?;
    Ok(Part {
        name: "round",
        title: "Finalising a poll",
        rows: vec![
            Row {
                what: "from an ended poll to results on chain".to_owned(),
                ours: run.time.as_secs_f64() * 1000.0,
                peer_name: format!("the sum of its {} witnesses and proofs, one at a time", proved.len()),
                peer: proved.iter().sum(),
                unit: Unit::Millis,
                goal: Some(1.10),
            },
            Row {
                what: "the same, one proof at a time".to_owned(),
                ours: alone.time.as_secs_f64() * 1000.0,
                peer_name: "the same".to_owned(),
                peer: proved.iter().sum(),
                unit: Unit::Millis,
                goal: None,
            },
            Row {
                what: "peak memory".to_owned(),
                ours: bytes as f64,
                peer_name: "the limit, 1 GiB".to_owned(),
                peer: MOST_MEMORY,
                unit: Unit::Bytes,
                goal: Some(1.0),
            },
        ],
        notes: vec![format!(
            "A quadratic poll at 10-20-2 with {VOTERS} voters and {} messages on a local chain, `finalise`: reading \
             the chain, replay, witnesses, proofs, transactions, files; the whole process is measured.",
            VOTES_EACH * VOTERS as u64 + 1
        )],
    })
}

/// All votes of every voter, the one with nonce 1 published last.
fn votes() -> Vec<Vote> {
    let of = |nonce| {
        (0..VOTERS).map(move |voter| Vote {
            voter,
            nonce,
            option: (voter as u64 + nonce) % 25,
            weight: 1 + nonce % 2,
        })
    };
    (1..=VOTES_EACH).rev().flat_map(of).collect()
}

/// What a line of the finaliser's report says a proof took, witness included, if it is about a proof.
fn proof_millis(line: &str) -> Result<Option<f64>> {
    let line: Value = serde_json::from_str(line).with_context(|| format!("not JSON: {line}"))?;
    if line.get("event").and_then(Value::as_str) != Some("proved") {
        return Ok(None);
    }
    let millis = |field| {
        line.get(field)
            .and_then(Value::as_f64)
            .with_context(|| format!("no {field} in {line}"))
    };
    Ok(Some(millis("witnessMillis")? + millis("proofMillis")?))
}
