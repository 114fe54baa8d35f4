//! Killed at random, over a network that fails in every way: every round finishes, every call happens once.
//!
//! `MACI_CRASH_KILLS` says how often the service is killed; the ordinary test run is content with a few, and
//! `cargo xtask bench crashes` asks for hundreds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use maci_testkit::{
    RpcProxy,
    anvil::{Call, each_once},
    proxy::{Fault, Rule},
};
use serde_json::Value;

use crate::process::Service;
use crate::venue::{Venue, script};

/// Kills of the ordinary test run.
const A_FEW: u32 = 6;

/// From so many kills on, every phase must have met some.
const MANY: u32 = 100;

/// Kills that the rounds of one poll are good for.
const KILLS_PER_POLL: u32 = 8;

/// The longest life of a service that is killed at any time, in milliseconds.
const LONGEST_LIFE: u64 = 2_000;

/// How long a service that is killed after its next steps is given to take them.
const LONGEST_STEP: Duration = Duration::from_secs(15);

/// How often is looked whether it has.
const LOOK: Duration = Duration::from_millis(20);

/// How often a reorganisation replaces the newest block, in kills.
const REORG_EVERY: u32 = 5;

/// Blocks between the votes and what a reorganisation may replace.
const QUIET_BLOCKS: u64 = 8;

/// Seeded, so that a failure can be looked at again.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `bound` (SplitMix64).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Everything that providers do wrong, one call in so many.
fn injure(proxy: &RpcProxy) {
    let faults = [
        (1, 61, Fault::Disconnect),
        (2, 61, Fault::Status(500)),
        (3, 61, Fault::Status(429)),
        (4, 61, Fault::Truncate),
        (5, 61, Fault::Delay(Duration::from_millis(300))),
        (6, 61, Fault::LoseAnswer),
        (7, 97, Fault::StaleHead { blocks: 2 }),
    ];
    for (seed, one_in, fault) in faults {
        proxy.inject(Rule::sometimes(seed, one_in, fault));
    }
}

/// Every call since a block was made once. A call that reverted changed nothing and may have been made again.
pub(crate) fn assert_each_once(calls: &[Call]) {
    let succeeded: Vec<Call> = calls.iter().filter(|call| call.succeeded).cloned().collect();
    assert!(each_once(&succeeded).unwrap() > 0);
}

/// No JSON file that others read is torn.
fn assert_whole(venue: &Venue) {
    let mut folders = vec![venue.home.data().join("polls")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "json") {
                let text = std::fs::read_to_string(&path).unwrap();
                let parsed = serde_json::from_str::<Value>(&text);
                assert!(parsed.is_ok(), "{} is torn", path.display());
            }
        }
    }
}

/// Whether a service says that all these polls are final.
async fn all_final(service: &Service, polls: usize) -> bool {
    let list = service.get("/v1/polls").await;
    let Some(list) = list.body.as_array() else { return false };
    let is_final = |poll: &&Value| poll["stage"]["name"] == "final";
    list.iter().filter(is_final).count() == polls
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment says how long this test is to go on"
)]
fn kills() -> u32 {
    std::env::var("MACI_CRASH_KILLS").map_or(A_FEW, |text| text.parse().unwrap())
}

/// Lets a service live: every other one for any time, the others until it has put one, two or three more transactions on
/// chain, so that deaths are spread over all phases however long each takes.
async fn live(venue: &Venue, chance: &mut Chance, killed: u32) {
    let (life, steps) = (chance.below(LONGEST_LIFE), 1 + chance.below(3));
    if killed % 2 == 0 {
        // how long it lives is the point of this test, not something it waits for
        tokio::time::sleep(Duration::from_millis(life)).await;
        return;
    }
    let begun = Instant::now();
    let before = venue.chain.block_number().await.unwrap();
    while venue.chain.block_number().await.unwrap() < before + steps && begun.elapsed() < LONGEST_STEP {
        tokio::time::sleep(LOOK).await;
    }
}

/// Where the rounds of a service stand; nowhere, if it cannot say.
async fn stages(service: &Service) -> BTreeSet<String> {
    let asked = tokio::time::timeout(Duration::from_secs(1), service.get("/v1/polls")).await;
    let list = asked.map(|answer| answer.body).unwrap_or_default();
    let polls = list.as_array().into_iter().flatten();
    polls
        .filter_map(|poll| poll["stage"]["name"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_over_a_failing_network_every_round_finishes_and_every_call_happens_once() {
    let kills = kills();
    let mut venue = Venue::new().await;
    let service = venue.home.start();
    let token = &venue.token(&service, "token").await;
    venue.deploy_maci(&service, token).await;
    let script = script();
    let mut polls = Vec::new();
    for _ in 0..kills.div_ceil(KILLS_PER_POLL).max(2) {
        polls.push(venue.deploy_poll(&service, token).await);
    }
    // one round is voted in; the others have the message every poll begins with
    venue.play(&script, &polls[0]).await;
    service.kill();
    venue.close().await;
    venue.chain.mine(QUIET_BLOCKS).await.unwrap();
    let first = venue.chain.block_number().await.unwrap() + 1;

    let proxy = RpcProxy::before(venue.chain.url()).await.unwrap();
    injure(&proxy);
    venue.home.set("COORDINATOR_RPC_URL", proxy.url());
    let mut chance = Chance(u64::from(kills));
    let mut killed = 0;
    let mut deaths: BTreeMap<String, u32> = BTreeMap::new();
    while killed < kills {
        let service = venue.home.start();
        live(&venue, &mut chance, killed).await;
        for stage in stages(&service).await {
            *deaths.entry(stage).or_default() += 1;
        }
        service.kill();
        killed += 1;
        if killed % REORG_EVERY == 0 {
            venue.chain.reorg(1).await.unwrap();
        }
    }

    let service = venue.home.start();
    let finished = async || all_final(&service, polls.len()).await;
    venue.until("every round was final", finished).await;
    for poll in &polls {
        venue.until_verified(&service, poll).await;
    }
    let faults = proxy.faults();
    println!(
        "{killed} kills, {faults} injected faults, {} rounds: all finished; a kill met rounds at {deaths:?}",
        polls.len()
    );
    if kills >= MANY {
        for stage in ["merging", "processing", "tallying"] {
            assert!(
                deaths.contains_key(stage),
                "nobody died while a round was {stage}: {deaths:?}"
            );
        }
    }
    assert!(service.stop().success(), "{}", venue.home.log());
    assert_each_once(&venue.chain.calls_since(first).await.unwrap());
    assert_whole(&venue);
    venue.expect_the_count_of(&script, &polls[0]).await;
}
