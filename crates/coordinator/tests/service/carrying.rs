//! Relayed votes survive whatever happens on their way: processes killed at every step, content that only others have, and
//! content that nobody has.

use std::env::{current_exe, var_os};
use std::path::Path;
use std::process::Command;

use maci_coordinator_core::ipfs::IpfsSettings;
use maci_coordinator_core::relay::Submission;
use maci_protocol::cid::ContentDigest;
use maci_protocol::files::RelayedBatch;
use maci_protocol::ids::{EthAddress, PollRef};
use maci_testkit::Script;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::crash::Crashes;
use maci_testkit::script::{Intent, Mode};
use serde_json::Value;

use crate::relaying::{HOUR, guard, take, until_final, until_on_chain};
use crate::venue::{Process, Venue, count_of};
use crate::voters::Voters;

/// What the process of a test is told: where, when, which poll, and how many messages to wait for.
const TOLD: [&str; 5] = [
    "MACI_TEST_FOLDER",
    "MACI_TEST_NODE",
    "MACI_TEST_NOW",
    "MACI_TEST_POLL",
    "MACI_TEST_MESSAGES",
];

/// Every durable step between the disk and the chain.
const POINTS: [&str; 10] = [
    "relay-before-packing",
    "relay-packed",
    "batch-backed-up",
    "content-published",
    "relay-batch-published",
    "relay-published",
    "relay-sending",
    "intent-stored",
    "relay-landed",
    "relay-noted",
];

/// A process that the other test starts and kills. Started with all tests it has nothing to do.
#[test]
fn a_process_carries_until_so_many_messages_are_on_chain() {
    let told: Option<Vec<String>> = TOLD.map(|name| var_os(name)?.into_string().ok()).into_iter().collect();
    let Some([folder, node, now, poll, messages]) = told.as_deref() else {
        return;
    };
    let process = Process::on(Path::new(folder), node, now.parse().unwrap());
    let poll: PollRef = serde_json::from_str(poll).unwrap();
    until_on_chain(&process, poll, messages.parse().unwrap());
}

/// One voter, whose votes are to be on chain in this order.
fn script() -> Script {
    Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages: (1..=5)
            .rev()
            .map(|nonce| Intent::vote("ann", 1, nonce, nonce % 5, nonce))
            .collect(),
    }
}

#[test]
fn killed_at_every_step_no_vote_that_was_taken_is_lost_or_relayed_twice() {
    let (venue, script) = (Venue::open(), script());
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_relayed_poll(venue.now(), end, &[guard()]);
    let voters = Voters::join(&venue, poll, 2);
    let intents: Vec<&Intent> = script.messages.iter().collect();
    let submission = voters.submission(&venue, &intents);
    take(&process, submission).unwrap();
    // before anything of it was sent: messages wait for others first
    process.crash();

    let command = || {
        let mut command = Command::new(current_exe().unwrap());
        let name = "carrying::a_process_carries_until_so_many_messages_are_on_chain";
        command.args([name, "--exact"]);
        let told = [
            venue.folder().to_str().unwrap().to_owned(),
            venue.node.url().to_owned(),
            venue.now().to_string(),
            serde_json::to_string(&poll).unwrap(),
            "5".to_owned(),
        ];
        command.envs(TOLD.into_iter().zip(told));
        command
    };
    let all = POINTS.iter().fold(Crashes::of(command), |runs, point| runs.at(*point));
    let died: Vec<String> = all
        .until_done()
        .unwrap()
        .into_iter()
        .filter(|run| run.crashed())
        .filter_map(|run| run.told)
        .collect();
    assert_eq!(died, POINTS);

    let morning = venue.begin();
    let view = morning.run(morning.service.poll(poll)).unwrap();
    assert_eq!(view.counts.messages, 5);
    venue.time_passes_to(end + 60);
    assert_eq!(until_final(&morning, poll), count_of(&script));
}

/// A batch as another relayer would publish it, from what a voter handed to that relayer.
fn batch_of_another(poll: PollRef, submission: &Submission) -> (ContentDigest, Vec<u8>) {
    let messages: Vec<_> = submission.messages.iter().map(|one| one.0.clone()).collect();
    let bytes = RelayedBatch::new(poll, &messages).to_bytes().unwrap();
    (ContentDigest::of(&bytes), bytes)
}

#[test]
fn a_batch_of_another_relayer_is_fetched_from_the_gateway_that_has_it_and_its_absence_is_told_with_what_helps() {
    let venue = Venue::open();
    let other: EthAddress = ACCOUNTS[0].address.parse().unwrap();
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_relayed_poll(venue.now(), end, &[other, guard()]);
    let voters = Voters::join(&venue, poll, 2);
    let script = Script {
        messages: vec![Intent::vote("ann", 1, 1, 0, 3), Intent::vote("bob", 2, 1, 2, 4)],
        ..script()
    };
    let [foreign, own] = script.messages.as_slice() else {
        unreachable!()
    };
    // the official library's relayer puts a batch on chain, and publishes it where we do not look
    let (digest, bytes) = batch_of_another(poll, &voters.submission(&venue, &[foreign]));
    let messages: Value = serde_json::from_slice(&bytes).unwrap();
    voters.relay_on_chain(&venue, 0, digest.to_bytes32_hex(), messages);
    take(&process, voters.submission(&venue, &[own])).unwrap();
    until_on_chain(&process, poll, 1);
    venue.time_passes_to(end + 60);

    let trouble = process.until("it is told that a batch is missing", || async {
        let polls = process.service.polls().await.unwrap();
        polls.into_iter().find_map(|one| one.trouble)
    });
    for part in [
        digest.to_string(),
        digest.to_bytes32_hex(),
        "block".to_owned(),
        "gateway".to_owned(),
    ] {
        assert!(trouble.message.contains(&part), "{part}: {}", trouble.message);
    }
    process.crash();

    let gateway = venue.outside(gateway(bytes));
    let settings = IpfsSettings {
        gateways: vec![gateway.parse().unwrap()],
        ..IpfsSettings::default()
    };
    let mended = venue.begin_with(settings);
    assert_eq!(until_final(&mended, poll), count_of(&script));
    assert_eq!(mended.run(mended.service.poll(poll)).unwrap().counts.messages, 2);
}

/// A gateway of somebody else, which has one block and gives it to whoever asks.
async fn gateway(bytes: Vec<u8>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.ipld.raw\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                bytes.len()
            );
            let mut request = [0; 4_096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(head.as_bytes()).await;
            let _ = socket.write_all(&bytes).await;
        }
    });
    format!("http://{address}")
}
