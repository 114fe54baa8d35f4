//! The service killed at random, hundreds of times, while rounds are finalised over a failing network and while votes
//! without gas come in; and relayers and voters who publish between each other, thousands of times. They are tests that
//! are given larger numbers.

use anyhow::{Context, Result, ensure};

use super::{machine::Machine, report::Part};
use crate::{binary::Profile, place::Place, shell::Tool};

/// A test, the variable that says how often it does what it does, and how often it is to.
struct Suite {
    /// The file it is in.
    file: &'static str,
    test: &'static str,
    variable: &'static str,
    times: u32,
    /// What the line has that says what was counted.
    count: &'static str,
}

const SUITES: [Suite; 3] = [
    Suite {
        file: "service",
        test: "crashes::killed_at_random_over_a_failing_network_every_round_finishes_and_every_call_happens_once",
        variable: "MACI_CRASH_KILLS",
        times: 200,
        count: "injected faults",
    },
    Suite {
        file: "service",
        test: "relayed::kills::killed_at_random_under_load_every_vote_with_a_receipt_is_on_chain_once_and_counted",
        variable: "MACI_RELAY_KILLS",
        times: 100,
        count: "votes with a receipt",
    },
    Suite {
        file: "chain",
        test: "interleaving::however_voters_publish_in_between_relayed_batches_never_break_the_contracts_batch_hashes",
        variable: "MACI_INTERLEAVINGS",
        times: 10_000,
        count: "calls relayed",
    },
];

/// Runs the suites, prints their counts and writes them into the report; an error means that a round or a vote was lost, a
/// call made twice, or a poll broken.
pub(crate) fn run(place: &Place) -> Result<()> {
    let notes: Vec<String> = SUITES.iter().map(|suite| suite.run(place)).collect::<Result<_>>()?;
    let part = Part {
        name: "crashes",
        title: "Killed and interrupted",
        rows: Vec::new(),
        notes,
    };
    println!("\n{}", part.markdown());
    part.write(place, &Machine::look(), Profile::Release)
}

impl Suite {
    fn run(&self, place: &Place) -> Result<String> {
        let mut count = None;
        let arguments = [
            "test",
            "--workspace",
            "--test",
            self.file,
            "--",
            "--exact",
            self.test,
            "--nocapture",
        ];
        let succeeded = Tool::new("cargo", &arguments, &place.root)
            .env(self.variable, self.times.to_string())
            .env("MACI_CIRCUIT_CACHE", &place.circuits)
            .watch(|line| {
                if line.contains(self.count) {
                    count = Some(line.to_owned());
                }
            })?;
        ensure!(succeeded, "the suite failed; what happened is above");
        let count = count.context("the suite did not say what it counted")?;
        Ok(format!("{count} (`{}={}`).", self.variable, self.times))
    }
}
