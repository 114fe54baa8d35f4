//! A thousand transactions of one sender while everything goes wrong, beside the same without faults. It is a test that
//! is given a larger number.

use anyhow::{Context, Result, ensure};

use super::report::Part;
use super::row::{Row, Unit};
use crate::binary::Profile;
use crate::place::Place;
use crate::shell::Tool;

/// The test that does it.
const TEST: &str = "thousand::many_transactions_under_every_fault_are_each_mined_exactly_once";

/// How many.
const COUNT: u32 = 1_000;

/// What the test says it counted.
struct Counted {
    line: String,
    seconds: f64,
    signatures: f64,
}

/// Runs the test with and without faults; an error means that a transaction was lost or mined twice.
pub(super) fn measure(place: &Place, _: Profile) -> Result<Part> {
    let (calm, stormy) = (run(place, false)?, run(place, true)?);
    let row = |what: &str, ours: f64, peer: f64, unit: Unit| Row {
        what: what.to_owned(),
        ours,
        peer_name: "the same without faults".to_owned(),
        peer,
        unit,
        goal: None,
    };
    Ok(Part {
        name: "transactions",
        title: "Transactions under faults",
        rows: vec![
            row(
                "1,000 transactions until all are mined",
                stormy.seconds * 1_000.0,
                calm.seconds * 1_000.0,
                Unit::Millis,
            ),
            row("signatures they took", stormy.signatures, calm.signatures, Unit::Count),
        ],
        notes: vec![
            format!("{}.", stormy.line),
            "Two senders share a key, as two processes do. Broadcasts are delayed, lost, answered with `nonce too low` \
             or `replacement transaction underpriced`; the node forgets everything that waits, and blocks with \
             transactions in them are taken back. The judge reads every block of the chain: each call is in it exactly \
             once."
                .to_owned(),
        ],
    })
}

fn run(place: &Place, faults: bool) -> Result<Counted> {
    let mut line = None;
    let arguments = [
        "test",
        "--workspace",
        "--test",
        "chain",
        "--",
        "--exact",
        TEST,
        "--nocapture",
    ];
    let succeeded = Tool::new("cargo", &arguments, &place.root)
        .env("MACI_TRANSACTIONS", COUNT.to_string())
        .env("MACI_TRANSACTION_FAULTS", if faults { "all" } else { "none" })
        .watch(|said| {
            if said.contains("each mined once") {
                line = Some(said.to_owned());
            }
        })?;
    ensure!(
        succeeded,
        "a transaction was lost or mined twice; what happened is above"
    );
    let line = line.context("the test did not say what it counted")?;
    let number = |before: &str, after: &str| {
        let (_, rest) = line.split_once(before)?;
        rest.split_once(after)?.0.trim().parse().ok()
    };
    Ok(Counted {
        seconds: number("mined once, in ", " s").context("no time in the test's line")?,
        signatures: number("times, ", " signatures").context("no signatures in the test's line")?,
        line,
    })
}
