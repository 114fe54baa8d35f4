//! Measures beside named peers, in the same run.
//!
//! - `replay`        decrypting, checking and applying messages, beside `@maci-protocol/core`
//! - `proof`         witness, proof and memory of one batch, beside circom's calculator, snarkjs and rapidsnark
//! - `round`         a whole poll, beside the sum of its witnesses and proofs
//! - `relay`         votes without gas under load, beside the limits
//! - `service`       the service under load, beside its limits and itself without load
//! - `transactions`  a thousand of them while everything goes wrong, beside calm weather
//! - `crashes`       the service killed at random, hundreds of times, and votes interleaved; asked for by name
//! - `constraints`   sizes of our circuits, beside upstream's
//! - `peak`, `r1cs`, `machine`, `upstream`   how memory, sizes, the machine and upstream's figures are known
//! - `row`, `report`   what a measure is and how it is written down
mod constraints;
mod crashes;
mod machine;
mod peak;
mod proof;
mod r1cs;
mod relay;
mod replay;
mod report;
mod round;
mod row;
mod service;
mod transactions;
mod upstream;

use anyhow::{Result, bail};

use self::{machine::Machine, report::Part};
use crate::{binary::Profile, place::Place, setup, shell::step};

/// A part's name and what measures it.
type Measure = (&'static str, fn(&Place, Profile) -> Result<Part>);

const PARTS: [Measure; 7] = [
    ("replay", replay::measure),
    ("constraints", constraints::measure),
    ("proof", proof::measure),
    ("round", round::measure),
    ("service", service::measure),
    ("relay", relay::measure),
    ("transactions", transactions::measure),
];

/// Measures the named parts, or all, prints them and writes the report.
///
/// `--dev` takes the build that tests use, which is there already and a little slower, instead of the release.
pub(crate) fn run(place: &Place, arguments: &[&str]) -> Result<()> {
    if arguments == ["crashes"] {
        setup(place)?;
        return crashes::run(place);
    }
    let (wanted, profile) = match arguments {
        ["--dev", wanted @ ..] => (wanted, Profile::Dev),
        wanted => (wanted, Profile::Release),
    };
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !names.contains(wanted)) {
        bail!("no benchmark `{unknown}`; there are {}", names.join(", "));
    }
    setup(place)?;
    let machine = Machine::look();
    println!("{}", machine.line());
    let mut missed = 0;
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.contains(&name) {
            let part = step(&format!("bench {name}"), || measure(place, profile))?;
            println!("\n{}\n\n{}", part.title, part.markdown());
            part.write(place, &machine, profile)?;
            missed += part
                .rows
                .iter()
                .filter(|row| row.goal.is_some_and(|goal| row.ratio() > goal))
                .count();
        }
    }
    if missed > 0 {
        println!("{missed} goals are not reached; they are marked in the report");
    }
    Ok(())
}
