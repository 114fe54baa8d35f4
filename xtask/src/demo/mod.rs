//! A whole round on a local chain.
//!
//! - `chain`         anvil, for as long as the round lasts
//! - `coordinator`   our binary, as an operator would call it
//! - `voters`        who votes what, with the official client library, and what it must come to
//! - `clock`         how long each step took
mod chain;
mod clock;
mod coordinator;
mod voters;

use std::fs;

use anyhow::{Context, Result, ensure};

use self::{chain::Chain, clock::Clock, coordinator::Coordinator, voters::Clients};
use crate::{place::Place, setup};

/// Seconds between the end of voting and the block the poll is finalised after.
const PAST_THE_END: u64 = 60;

/// Runs the round; the tally is verified on chain when this returns.
pub(crate) fn run(place: &Place) -> Result<()> {
    let mut clock = Clock::start();
    clock.step("look for what is needed, install npm packages", || setup(place))?;

    let folder = place.target.join("demo");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    let coordinator = clock.step("build the coordinator", || Coordinator::build(place, &folder))?;
    clock.step("compile the tiny circuits, make development keys", || {
        coordinator.make_circuits()
    })?;

    let chain = clock.step("start a local chain", || Chain::start(place))?;
    let coordinator = coordinator.at(&chain.url);
    let clients = Clients::new(place, &chain.url);
    clock.step("make the coordinator's key, fund its gas address", || {
        coordinator.make_key()?;
        clients.fund(&coordinator.gas_address()?)
    })?;
    let maci = clock.step("deploy MACI", || coordinator.deploy_maci())?;
    clock.step("deploy a poll", || coordinator.deploy_poll())?;

    let clients = clients.at(&maci);
    let joining = coordinator.joining_circuit()?;
    let voters = clock.step("sign up and join (official client, snarkjs proves)", || {
        clients.enter(&joining)
    })?;
    clock.step("vote (official client)", || clients.vote(&voters))?;
    clock.step("let the voting period pass", || clients.pass_the_end(PAST_THE_END))?;

    clock.step("finalise: merge, process, tally, publish", || coordinator.finalise())?;
    clock.step("verify the tally, as the coordinator does", || coordinator.verify())?;
    let tally_file = coordinator.tally_file()?;
    let results = clock.step("verify the tally, as the official client does", || {
        clients.verify(&tally_file)
    })?;
    ensure!(
        results == voters::EXPECTED,
        "the tally is {results:?}, but by the votes it should be {:?}",
        voters::EXPECTED
    );

    println!("\nThe tally, proven and verified on chain:\n");
    for (option, votes) in results.iter().enumerate() {
        println!("  option {option}: {votes} votes");
    }
    println!("\nWhere to look:");
    println!("  tally      {}", place.shown(&tally_file));
    println!("  everything {}", place.shown(&folder));
    println!("  chain      anvil, stopped now; MACI was at {maci}");
    println!("\n{clock}");
    Ok(())
}
