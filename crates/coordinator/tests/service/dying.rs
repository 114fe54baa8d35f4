//! Relaying dies where votes change hands: between the voter and the disk, and when somebody publishes in between.

use std::env::{current_exe, var_os};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use maci_coordinator_core::relay::{MessageStanding, RelayError};
use maci_protocol::ids::PollRef;
use maci_testkit::Script;
use maci_testkit::crash::CRASH_AT;
use maci_testkit::script::{Intent, Mode};
use serde_json::Value;

use crate::relaying::{HOUR, guard, take, until_final, until_on_chain};
use crate::venue::{Process, Venue, count_of};
use crate::voters::{Voters, read};

/// What the process of a test is told: where, when, which poll, what is handed in to it, and how many messages it waits for.
const TOLD: [&str; 6] = [
    "MACI_TEST_FOLDER",
    "MACI_TEST_NODE",
    "MACI_TEST_NOW",
    "MACI_TEST_POLL",
    "MACI_TEST_BODY",
    "MACI_TEST_MESSAGES",
];

/// A process that the other tests start and kill. Started with all tests it has nothing to do.
#[test]
fn a_process_takes_what_it_is_handed_and_carries_it() {
    let told: Option<Vec<String>> = TOLD.map(|name| var_os(name)?.into_string().ok()).into_iter().collect();
    let Some([folder, node, now, poll, body, messages]) = told.as_deref() else {
        return;
    };
    let process = Process::on(Path::new(folder), node, now.parse().unwrap());
    let poll: PollRef = serde_json::from_str(poll).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    if !body.is_null() {
        take(&process, read(poll, &body)).unwrap();
    }
    until_on_chain(&process, poll, messages.parse().unwrap());
}

/// Runs such a process, which is to die at a point.
fn dies_at(venue: &Venue, poll: PollRef, point: &str, body: &Value, messages: u64) {
    let told = [
        venue.folder().to_str().unwrap().to_owned(),
        venue.node.url().to_owned(),
        venue.now().to_string(),
        serde_json::to_string(&poll).unwrap(),
        body.to_string(),
        messages.to_string(),
    ];
    let mut command = Command::new(current_exe().unwrap());
    command.args(["dying::a_process_takes_what_it_is_handed_and_carries_it", "--exact"]);
    command.envs(TOLD.into_iter().zip(told)).env(CRASH_AT, point);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code().is_none(), "it did not die at {point}: {said}");
}

/// The votes of one voter, who changes their mind so often.
fn votes(count: u64) -> Script {
    Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages: (1..=count)
            .rev()
            .map(|nonce| Intent::vote("ann", 1, nonce, nonce % 5, nonce))
            .collect(),
    }
}

#[test]
fn a_voter_who_was_not_answered_is_told_the_truth_when_asking_again() {
    let (venue, script) = (Venue::open(), votes(2));
    let process = venue.begin();
    process.deploy_maci();
    let poll = process.deploy_relayed_poll(venue.now(), venue.now() + HOUR, &[guard()]);
    process.crash();
    let voters = Voters::join(&venue, poll, 2);
    let [first, second] = script.messages.as_slice() else {
        unreachable!()
    };
    let (unkept, kept) = (voters.body(&venue, &[first]), voters.body(&venue, &[second]));

    dies_at(&venue, poll, "relay-before-keeping", &unkept, 1);
    let process = venue.begin();
    let taken = take(&process, read(poll, &unkept)).unwrap();
    assert!(taken[0].receipt.holds(), "it was not on the disk, and is taken now");
    process.crash();

    dies_at(&venue, poll, "relay-kept", &kept, 2);
    let process = venue.begin();
    let again = take(&process, read(poll, &kept)).unwrap_err();
    let RelayError::Duplicate { number: 0, hash } = again else {
        panic!("{again}")
    };
    let known = process.run(process.service.relayer().unwrap().message(hash)).unwrap();
    assert!(
        known[0].receipt.as_ref().unwrap().holds(),
        "the receipt is where the answer says"
    );
    assert_ne!(known[0].standing, MessageStanding::Missed);
    until_on_chain(&process, poll, 2);
}

#[test]
fn killed_when_others_published_in_between_votes_are_packed_anew_and_counted_in_their_order() {
    let (venue, script) = (Venue::open(), votes(5));
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_relayed_poll(venue.now(), end, &[guard()]);
    let voters = Voters::join(&venue, poll, 2);
    let [one, two, between, three, four] = script.messages.as_slice() else {
        unreachable!()
    };
    take(&process, voters.submission(&venue, &[one, two])).unwrap();
    until_on_chain(&process, poll, 2);
    // now a batch of the circuit is full, and these two fit into the next one together
    take(&process, voters.submission(&venue, &[three, four])).unwrap();
    process.crash();
    dies_at(&venue, poll, "relay-packed", &Value::Null, 4);
    // with one message before them they no longer do
    voters.publish(&venue, between);
    dies_at(&venue, poll, "relay-dissolved", &Value::Null, 4);

    let morning = venue.begin();
    until_on_chain(&morning, poll, 4);
    venue.time_passes_to(end + 60);
    assert_eq!(until_final(&morning, poll), count_of(&script));
}

/// The Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_point_where_relaying_pinning_and_publishing_may_die_is_one_where_a_test_kills() {
    let root = maci_testkit::places::workspace_root();
    let text = |folder: &str| -> String {
        let files = sources(&root.join(folder));
        files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    };
    let tests = text("crates/coordinator/tests") + &text("bin/maci-coordinator/tests");
    let product = text("crates/coordinator/src/relay")
        + &text("crates/coordinator/src/ipfs")
        + &text("crates/coordinator/src/perform");
    let points: Vec<&str> = product
        .split("crash_point(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(points.len() > 15, "{points:?}");
    let unkilled: Vec<_> = points
        .into_iter()
        .filter(|point| !tests.contains(&format!("\"{point}\"")))
        .collect();
    assert!(unkilled.is_empty(), "nothing is killed at {unkilled:?}");
}
