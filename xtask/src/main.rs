//! The tasks of this repository. `cargo xtask` lists them.
//!
//! - [`needs`]   what the machine must have, and what to do when it does not
//! - [`npm`]     the pinned packages of `clients/`, `circuits/` and `contracts/`
//! - [`programs`]  what only tests call: PostgreSQL, Pebble, Python
//! - [`place`]   where things are and where results go
//! - [`shell`]   running programs, and saying so
//! - [`binary`]  our own program, built and ready to be called
//! - [`round`]   a local chain, the coordinator and the voters of a whole round
//! - [`test`], [`check`], [`demo`], [`bench`]   one task each
//!
//! This crate depends on next to nothing, so that a fresh clone gets to its first message in seconds.
mod bench;
mod binary;
mod check;
mod demo;
mod needs;
mod npm;
mod place;
mod programs;
mod round;
mod shell;
mod test;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use crate::place::Place;

const USAGE: &str = "\
usage: cargo xtask <task>

  demo             a whole round on a local chain: deploy, vote with the official clients, finalise, verify
  test [--fast]    every test; --fast leaves out circuits and chains
  test --bitswap   the tests of what the feature `bitswap` touches, with the feature
  bench [--dev] [part…]   measures against the named peers and writes docs/benchmarks.md; --dev: with the tests' build
  bench crashes    the service killed 200 times at random over a failing network
  check [house]    format, house rules, clippy, docs, dependencies, spelling; or the house rules alone
  setup            what the others start with: looks for what is needed, installs the pinned npm packages
                   and, for the tests, Helia, PostgreSQL, Pebble and Python's venv

What they make goes under target/ (or CARGO_TARGET_DIR); circuits go to target/circuits (or MACI_CIRCUIT_CACHE).";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let place = Place::find()?;
    match arguments.as_slice() {
        ["test"] => test::everything(&place),
        ["test", "--fast"] => test::fast(&place),
        ["test", "--bitswap"] => test::bitswap(&place),
        ["demo"] => demo::run(&place),
        ["bench", parts @ ..] => bench::run(&place, parts),
        ["check"] => check::all(&place),
        ["check", "house"] => check::house(&place),
        ["setup"] => setup(&place).and_then(|()| test::setup(&place)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("no task `{}`\n\n{USAGE}", other.join(" ")),
    }
}

/// Everything the tasks stand on; quick when it is already there.
fn setup(place: &Place) -> Result<()> {
    needs::all(place)?;
    npm::install(place, &npm::FOLDERS)
}
