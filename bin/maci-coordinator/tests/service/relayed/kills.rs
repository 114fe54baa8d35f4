//! Killed at random while votes come in: whoever has a receipt finds their vote on chain, once.
//!
//! `MACI_RELAY_KILLS` says how often the service is killed; the ordinary test run is content with a few, and
//! `cargo xtask bench crashes` asks for a hundred.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::booth::{Booth, PUBLISH};
use crate::crashes::Chance;
use crate::process::{Home, Service};
use crate::published::{root, run};

/// Kills of the ordinary test run.
const A_FEW: u32 = 4;

/// The longest life of a service, in milliseconds.
const LONGEST_LIFE: u64 = 1_200;

/// Voters who hand in at the same time.
const AT_ONCE: u64 = 3;

/// The longest pause of such a voter between two requests, in milliseconds: the poll has to be finalised too.
const LONGEST_PAUSE: u64 = 400;

#[expect(
    clippy::disallowed_methods,
    reason = "the environment says how long this test is to go on"
)]
fn kills() -> u32 {
    std::env::var("MACI_RELAY_KILLS").map_or(A_FEW, |text| text.parse().unwrap())
}

/// Voters who hand in one vote after the other, none twice.
struct Crowd {
    /// A body that is taken.
    template: Value,
    made: AtomicU64,
    home: AtomicBool,
    chance: std::sync::Mutex<Chance>,
}

/// What became of the votes of one voter: those with a receipt, and how many requests nobody answered.
#[derive(Default)]
struct Outcome {
    receipts: Vec<String>,
    unanswered: u64,
}

impl Crowd {
    fn below(&self, bound: u64) -> u64 {
        self.chance.lock().unwrap().below(bound)
    }

    /// Another vote, of the kind that only its voter can read.
    fn body(&self) -> Value {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let mut body = self.template.clone();
        body["messages"][0]["data"] = (0..10).map(|part| json!((number * 10 + part).to_string())).collect();
        body
    }

    /// Hands in until told to go home, or until the service is gone.
    async fn vote(self: Arc<Self>, url: String) -> Outcome {
        let (http, mut outcome) = (reqwest::Client::new(), Outcome::default());
        while !self.home.load(Ordering::Relaxed) {
            let sent = http.post(format!("{url}{PUBLISH}")).json(&self.body()).send().await;
            let answered = match sent {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    answer.json::<Value>().await.map(|body| (status, body))
                }
                Err(error) => Err(error),
            };
            match answered {
                Ok((201, messages)) => {
                    assert!(messages[0]["receipt"]["signature"].is_string(), "{messages}");
                    outcome.receipts.push(messages[0]["hash"].as_str().unwrap().to_owned());
                }
                // a service that has only begun may not know its chain yet
                Ok((503, _)) => {}
                Ok((status, body)) => panic!("{status}: {body}"),
                Err(_) => {
                    outcome.unanswered += 1;
                    return outcome;
                }
            }
            tokio::time::sleep(Duration::from_millis(self.below(LONGEST_PAUSE))).await;
        }
        outcome
    }
}

/// How often each message is among the relayed files of what was published.
async fn published(service: &Service, root: &str) -> BTreeMap<String, u32> {
    let manifest = service.get(&format!("/ipfs/{root}/manifest.json")).await.expect(200);
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for batch in manifest["relayed"].as_array().unwrap() {
        let path = format!("/ipfs/{root}/{}", batch["file"].as_str().unwrap());
        for message in service.get(&path).await.expect(200).as_array().unwrap() {
            *times.entry(message["hash"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_under_load_every_vote_with_a_receipt_is_on_chain_once_and_counted() {
    let kills = kills();
    let plenty = [
        ("MACI__RELAYER__PER_VOTER", "1000000"),
        ("MACI__RELAYER__PER_ADDRESS", "1000000 in 60s"),
        ("MACI__SERVER__RATES__ACTING", "1000000 in 60s"),
        ("MACI__RELAYER__FLUSH_AT", "4"),
    ];
    let (booth, service) = Booth::open(&plenty, 1).await;
    let crowd = Arc::new(Crowd {
        template: booth.good_body().await,
        made: AtomicU64::new(0),
        home: AtomicBool::new(false),
        chance: std::sync::Mutex::new(Chance(u64::from(kills))),
    });
    service.kill();

    let (mut receipts, mut unanswered) = (BTreeSet::new(), 0);
    for _ in 0..kills {
        let service = booth.venue.home.start();
        let voters: Vec<_> = (0..AT_ONCE)
            .map(|_| tokio::spawn(crowd.clone().vote(service.url.clone())))
            .collect();
        // how long it lives is the point of this test, not something it waits for
        tokio::time::sleep(Duration::from_millis(crowd.below(LONGEST_LIFE))).await;
        service.kill();
        for voter in voters {
            let outcome = voter.await.unwrap();
            unanswered += outcome.unanswered;
            for hash in outcome.receipts {
                assert!(receipts.insert(hash), "a vote has two receipts");
            }
        }
    }
    let service = booth.venue.home.start();
    booth.until_on_chain(&service, receipts.len() as u64).await;
    booth.venue.close().await;
    booth.venue.until_verified(&service, &booth.poll).await;

    // the root holds what the chain has, as a stranger finds; so what it holds is on chain
    let root = root(&booth.venue, &service, &booth.poll).await;
    let stranger = Home::new(booth.venue.chain.url(), "");
    let said = run(
        stranger.command(&["verify", "--from", &root, "--gateway", &service.url]),
        0,
    );
    assert_eq!(said["verified"], json!(true), "{said}");
    let times = published(&service, &root).await;
    let lost: Vec<_> = receipts.iter().filter(|hash| !times.contains_key(*hash)).collect();
    assert!(lost.is_empty(), "votes with a receipt are lost: {lost:?}");
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "votes are on chain twice: {twice:?}");
    assert!(
        !receipts.is_empty() && unanswered > 0,
        "nothing was handed in under way"
    );
    println!(
        "{kills} kills under load: {} votes with a receipt, all of them on chain once and counted; {unanswered} requests \
         were cut off, of which {} votes were kept",
        receipts.len(),
        times.len() - receipts.len(),
    );
}
