//! A round of relayed votes alone: handed in, read and counted by official clients, and checked on another machine.

use maci_testkit::Script;
use maci_testkit::script::{Intent, Mode};
use serde_json::{Value, json};

use super::booth::Booth;
use crate::process::Home;
use crate::published::{root, run};

/// Two voters, whose votes are to be on chain in this order.
fn script() -> Script {
    Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages: vec![
            Intent::vote("ann", 1, 3, 0, 2),
            Intent::vote("bob", 2, 2, 1, 5),
            Intent::vote("ann", 1, 2, 3, 4),
            Intent::vote("ann", 1, 1, 0, 9),
            Intent::vote("bob", 2, 1, 2, 8),
        ],
    }
}

/// The hashes of a list of messages.
fn hashes<'a>(messages: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let hash = |message: &Value| message["hash"].as_str().unwrap().to_owned();
    messages.into_iter().map(hash).collect()
}

/// The hashes in batches.
fn in_batches(batches: &Value) -> Vec<String> {
    let batches = batches["messageBatches"]
        .as_array()
        .unwrap_or_else(|| panic!("{batches}"));
    batches
        .iter()
        .flat_map(|batch| hashes(batch["messages"].as_array().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_in_which_every_vote_was_relayed_is_read_by_official_clients_counted_and_checked_elsewhere() {
    let (booth, service) = Booth::open(&[], 2).await;
    let (script, url) = (script(), service.url.clone());
    let votes: Vec<&Intent> = script.messages.iter().collect();
    let parts = [&votes[..1], &votes[1..2], &votes[2..4], &votes[4..]];
    let handed: Vec<Value> = parts.iter().map(|part| booth.hands_in(part, Some(&service))).collect();
    let mut taken = Vec::new();
    for answer in booth.ask(&handed).await {
        assert_eq!(answer["status"], 201, "{answer}");
        let messages = answer["answer"].as_array().unwrap();
        assert!(
            messages
                .iter()
                .all(|message| message["receipt"]["signature"].is_string())
        );
        taken.extend(hashes(messages));
    }
    booth.until_on_chain(&service, 5).await;

    // the relaying functions of the official library, as they are published
    let asked = json!({ "action": "batches", "url": url, "pollId": booth.poll });
    let one = &taken[3];
    let only = json!({ "action": "batches", "url": url, "pollId": booth.poll, "messageHashes": [one] });
    let read = json!({ "action": "relayedMessages", "pollId": booth.poll, "gateway": format!("{url}/ipfs") });
    let read_one = json!({
        "action": "relayedMessages", "pollId": booth.poll, "gateway": format!("{url}/ipfs"), "messageHashes": [one],
    });
    let answers = booth.ask(&[asked, only, read, read_one]).await;
    assert_eq!(in_batches(&answers[0]), taken);
    assert!(in_batches(&answers[1]).contains(one) && in_batches(&answers[1]).len() < taken.len());
    assert_eq!(hashes(answers[2]["messages"].as_array().unwrap()), taken);
    assert_eq!(hashes(answers[3]["messages"].as_array().unwrap()), [one.clone()]);

    booth.venue.close().await;
    booth.venue.until_verified(&service, &booth.poll).await;
    booth.venue.expect_the_count_of(&script, &booth.poll).await;
    let root = root(&booth.venue, &service, &booth.poll).await;
    let stranger = Home::new(booth.venue.chain.url(), "");
    let said = run(stranger.command(&["verify", "--from", &root, "--gateway", &url]), 0);
    assert_eq!(said["verified"], json!(true), "{said}");
    let manifest = service.get(&format!("/ipfs/{root}/manifest.json")).await.expect(200);
    assert!(manifest["relayed"].as_array().unwrap().len() > 1, "{manifest}");
    assert!(!stranger.data().exists(), "nothing is kept where it is checked");
}
