//! The service killed at random, hundreds of times, over a failing network. It is a test that is given a larger number.

use anyhow::{Context, Result, ensure};

use crate::{place::Place, shell::Tool};

/// The test that does it.
const TEST: &str = "crashes::killed_at_random_over_a_failing_network_every_round_finishes_and_every_call_happens_once";

/// How often the service is killed.
const KILLS: u32 = 200;

/// Runs the suite and prints its count; an error means that a round was lost or a call made twice.
pub(crate) fn run(place: &Place) -> Result<()> {
    let mut count = None;
    let arguments = [
        "test",
        "--workspace",
        "--test",
        "service",
        "--",
        "--exact",
        TEST,
        "--nocapture",
    ];
    let succeeded = Tool::new("cargo", &arguments, &place.root)
        .env("MACI_CRASH_KILLS", KILLS.to_string())
        .env("MACI_CIRCUIT_CACHE", &place.circuits)
        .watch(|line| {
            if line.contains("injected faults") {
                count = Some(line.to_owned());
            }
        })?;
    ensure!(succeeded, "the suite failed; what happened is above");
    println!("\n{}", count.context("the suite did not say what it counted")?);
    Ok(())
}
