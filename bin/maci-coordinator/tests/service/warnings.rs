//! What operators are told about a poll while it can still be mended.

use std::fs;
use std::path::Path;

use maci_testkit::Script;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::clients::Action;
use maci_testkit::places::zkeys;
use maci_testkit::script::{Craft, Intent, LOW_ORDER_KEYS, Mode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Home, Service};
use crate::venue::Venue;

/// Voters of whom 31 have room: more than nine in ten.
const NEARLY_ALL: [&str; 28] = [
    "ann", "bea", "cid", "dan", "eve", "fay", "gus", "hal", "ian", "joy", "kay", "lou", "max", "ned", "oli", "pat",
    "quy", "ray", "sam", "tia", "uma", "val", "wes", "xan", "yan", "zoe", "abe", "bob",
];

/// The names of the warnings about a poll, as anybody is told them.
async fn warnings(service: &Service, path: &str) -> Vec<String> {
    let answer = service.get(&format!("{path}/warnings")).await.expect(200);
    let list = answer["warnings"].as_array().unwrap().iter();
    list.map(|warning| warning["warning"].as_str().unwrap().to_owned())
        .collect()
}

/// Waits until these are the warnings about a poll.
async fn expect(venue: &Venue, service: &Service, path: &str, expected: &[&str]) {
    let what = format!("the warnings about {path} were {expected:?}");
    venue
        .until(&what, async || {
            let mut told = warnings(service, path).await;
            told.sort();
            told == expected
        })
        .await;
}

/// Our circuits as another archive would have them: without what says that they are ours.
fn as_an_archive(folder: &Path) {
    for circuit in [
        "PollJoining_5",
        "PollJoined_5",
        "MessageProcessorQv_5-3-1",
        "VoteTallyQv_5-1-1",
    ] {
        let (from, to) = (zkeys().join(circuit), folder.join(circuit));
        let calculators = format!("{circuit}_js");
        fs::create_dir_all(to.join(&calculators)).unwrap();
        let key = format!("{circuit}.development-only.zkey");
        fs::copy(from.join(key), to.join(format!("{circuit}.0.zkey"))).unwrap();
        let wasm = Path::new(&calculators).join(format!("{circuit}.wasm"));
        fs::copy(from.join(&wasm), to.join(&wasm)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_poll_and_a_message_that_nobody_can_prove_are_told_of_while_voting_is_open() {
    let archive = TempDir::new().unwrap();
    let mut venue = Venue::new().await;
    as_an_archive(archive.path());
    venue
        .home
        .set("COORDINATOR_ZKEY_PATH", &archive.path().display().to_string());
    venue.home.set("MACI_CIRCUIT_PROFILE", "release");
    let service = venue.home.start();
    let token = &venue.token(&service, "token").await;
    venue.deploy_maci(&service, token).await;
    let poll = &venue.deploy_poll(&service, token).await;
    let path = &venue.path(poll);
    expect(&venue, &service, path, &[]).await;

    let crowd = Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: NEARLY_ALL.to_vec(),
        messages: vec![Intent::vote("ann", 1, 1, 0, 2).crafted(Craft::EncryptedTo(LOW_ORDER_KEYS[1]))],
    };
    venue.play(&crowd, poll).await;
    expect(&venue, &service, path, &["unprovable-message", "voter-capacity"]).await;
    let told = service.get(&format!("{path}/warnings")).await.body.to_string();
    assert!(told.contains("order 4 or 8") && told.contains("28"), "{told}");
    let dry = service
        .call("POST", &format!("{path}/dry-run"), Some(token), None)
        .await;
    assert_eq!(dry.expect(201)["provable"], json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn batch_hashes_that_a_relayer_broke_are_told_of_with_what_it_means() {
    let backups = TempDir::new().unwrap();
    let mut venue = Venue::new().await;
    venue
        .home
        .set("MACI_RELAYED_BATCHES", &backups.path().display().to_string());
    let service = venue.home.start();
    let token = &venue.token(&service, "token").await;
    venue.deploy_maci(&service, token).await;
    let relayer = ACCOUNTS[0].address;
    let poll = &venue.deploy_poll_with_relayers(&service, token, &[relayer]).await;
    let path = &venue.path(poll);
    // one message is there; three more in one call cross the end of the first batch of three
    venue
        .act(&[Action::Relay {
            poll_id: poll.parse().unwrap(),
            count: 3,
            folder: backups.path().to_owned(),
        }])
        .await;
    expect(&venue, &service, path, &["batch-hashes-broken"]).await;
    let told = service.get(&format!("{path}/warnings")).await.body.to_string();
    assert!(told.contains("cannot be finalised by anybody"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_whose_key_is_elsewhere_is_told_of_with_the_key_that_is_needed() {
    let mut venue = Venue::new().await;
    let service = venue.home.start();
    let token = &venue.token(&service, "token").await;
    venue.deploy_maci(&service, token).await;
    let poll = &venue.deploy_poll(&service, token).await;
    let path = &venue.path(poll);

    let mut elsewhere = Home::new(venue.chain.url(), ACCOUNTS[2].private_key);
    elsewhere.set("COORDINATOR_ADDRESSES", ACCOUNTS[0].address);
    let other = elsewhere.start();
    let token = &venue.token(&other, "token").await;
    let watched = other
        .call("POST", "/v1/polls", Some(token), Some(&venue.scheduled(poll)))
        .await;
    watched.expect(201);
    expect(&venue, &other, path, &["coordinator-key-missing"]).await;
    let told: Value = other.get(&format!("{path}/warnings")).await.body;
    assert!(told.to_string().contains("macipk."), "{told}");
}
