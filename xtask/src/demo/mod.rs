//! A whole round on a local chain, and what came of it.
//!
//! - `votes`   who votes what, and what it must come to
//! - `clock`   how long each step took
mod clock;
mod votes;

use anyhow::{Result, ensure};

use self::clock::Clock;
use crate::{
    binary::Profile,
    place::Place,
    round::{Chain, Clients, Coordinator, Size},
    setup,
};

/// Seconds between the end of voting and the block the poll is finalised after.
const PAST_THE_END: u64 = 60;

/// Runs the round; the tally is verified on chain when this returns.
pub(crate) fn run(place: &Place) -> Result<()> {
    let mut clock = Clock::start();
    clock.step("look for what is needed, install npm packages", || setup(place))?;

    let folder = place.target.join("demo");
    let build = || Coordinator::build(place, Profile::Dev, Size::TINY, &folder);
    let coordinator = clock.step("build the coordinator", build)?;
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
        clients.enter(votes::VOTERS, &joining)
    })?;
    clock.step("vote (official client)", || clients.vote(&voters, &votes::VOTES))?;
    clock.step("let the voting period pass", || clients.pass_the_end(PAST_THE_END))?;

    clock.step("finalise: merge, process, tally, publish", || coordinator.finalise())?;
    clock.step("verify the tally, as the coordinator does", || coordinator.verify())?;
    let tally_file = coordinator.tally_file()?;
    let results = clock.step("verify the tally, as the official client does", || {
        clients.verify(&tally_file)
    })?;
    ensure!(
        results == votes::RESULTS,
        "the tally is {results:?}, but by the votes it should be {:?}",
        votes::RESULTS
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
