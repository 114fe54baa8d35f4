//! A whole round on a local chain, run by the service and called through its API, and what came of it.
//!
//! - `votes`      who votes what, and what it must come to
//! - `clock`      how long each step took
//! - `progress`   what the service tells meanwhile, as a person reads it
//! - `relayed`    a vote without gas on its way
mod clock;
mod progress;
mod relayed;
mod votes;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use self::clock::Clock;
use crate::{
    binary::Profile,
    place::Place,
    round::{Chain, Clients, Coordinator, Operator, Service, Size, Vote},
    setup,
};

/// Seconds between the end of voting and the block the poll is finalised after.
const PAST_THE_END: u64 = 60;

/// Anvil's chain.
const CHAIN: u64 = 31_337;

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
    let operator = Operator::new(place, CHAIN)?;
    let log = folder.join("service.log");
    let service = clock.step("start the service", || {
        coordinator.make_key()?;
        clients.fund(&coordinator.gas_address()?)?;
        let service = Service::start(coordinator.serving(&operator.address), &log)?;
        println!("  {} took requests after {:?}", service.url, service.ready_after);
        Ok(service)
    })?;
    let operator = operator.at(&service.url);

    let maci = clock.step("log in with Ethereum, deploy MACI by the API", || {
        let deployed = operator.call("POST", "/v1/deploy/maci", Some(coordinator.maci_body()))?;
        text(&deployed, "address")
    })?;
    let poll = clock.step("deploy a poll by the API", || {
        let relay = operator.call("GET", "/v1/relay", None)?;
        let relayer = relay.pointer("/chains/0/relayer").and_then(Value::as_str);
        let relayer = relayer
            .with_context(|| format!("the service relays nothing: {relay}"))?
            .to_owned();
        let body = coordinator.poll_body(clients.now()?, &[relayer]);
        let deployed = operator.call("POST", "/v1/deploy/poll", Some(body))?;
        text(&deployed, "pollId")
    })?;
    ensure!(poll == "0", "the first poll of a fresh MACI is poll {poll}");

    let clients = clients.at(&maci);
    let joining = coordinator.joining_circuit()?;
    let voters = clock.step("sign up and join (official client, snarkjs proves)", || {
        clients.enter(votes::VOTERS, &joining)
    })?;
    let (relayed, published): (Vec<Vote>, Vec<Vote>) = votes::VOTES
        .iter()
        .copied()
        .partition(|vote: &Vote| vote.voter == votes::WITHOUT_GAS);
    clock.step("vote on chain (official client)", || clients.vote(&voters, &published))?;
    let path = format!("/v1/polls/localhost/{maci}/{poll}");
    clock.step(
        "vote without gas: handed in, batched, brought on chain by the service",
        || {
            let voter = voters.get(votes::WITHOUT_GAS).context("nobody votes without gas")?;
            let joined = coordinator.joined_circuit()?;
            for hash in clients.hand_in(&service.url, voter, &relayed, &joined)? {
                relayed::follow(&operator, &hash)?;
            }
            Ok(())
        },
    )?;
    clock.step("let the voting period pass", || clients.pass_the_end(PAST_THE_END))?;

    let asked = json!({ "poll": 0, "maciContractAddress": maci, "mode": 0, "chain": "localhost" });
    clock.step(
        "the service finalises the poll by itself, watched over Socket.IO",
        || operator.watch(&asked, progress::tell_live),
    )?;
    clock.step(
        "the same as the service's log of events has it, until the check",
        || {
            let about = json!({ "after": 0, "chain": "localhost", "maciAddress": maci, "pollId": poll });
            operator.follow(&progress::end(), &about, progress::tell)
        },
    )?;
    clock.step(
        "ask for the proofs as existing frontends do; they are made already",
        || {
            let mut batches = 0;
            operator.generate(&asked, |_| batches += 1)?;
            println!("    finish-generation after {batches} batches");
            Ok(())
        },
    )?;
    let tally = operator.call("GET", &format!("{path}/tally"), None)?;
    ensure!(tally.get("results").is_some(), "the API has no tally: {tally}");
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
    clock.step("stop the service", || service.stop().map(drop))?;

    println!("\nThe tally, proven and verified on chain:\n");
    for (option, votes) in results.iter().enumerate() {
        println!("  option {option}: {votes} votes");
    }
    println!("\nWhere to look:");
    println!("  tally      {}", place.shown(&tally_file));
    println!("  the log    {}", place.shown(&log));
    println!("  everything {}", place.shown(&folder));
    println!("  chain      anvil, stopped now; MACI was at {maci}");
    println!("\n{clock}");
    Ok(())
}

fn text(answer: &Value, field: &str) -> Result<String> {
    let said = answer.get(field).and_then(Value::as_str);
    said.map(str::to_owned)
        .with_context(|| format!("no {field} in {answer}"))
}
