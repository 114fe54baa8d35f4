//! Killed where jobs and schedules change hands, a round goes on, and the chain sees every call once.

use std::env::{current_exe, var_os};
use std::path::Path;
use std::process::Command;

use maci_coordinator_core::schedule::EntryState;
use maci_testkit::anvil::each_once;
use maci_testkit::crash::Crashes;
use serde_json::json;

use crate::timeline::{HOUR, at, document};
use crate::venue::{Process, Venue, operator, poll_shape};

/// What the process of a test is told: where, when, and which step to wait for.
const TOLD: [&str; 4] = ["MACI_TEST_FOLDER", "MACI_TEST_NODE", "MACI_TEST_NOW", "MACI_TEST_UNTIL"];

/// Where jobs and entries of the schedule change hands.
const POINTS: [&str; 6] = [
    "schedule-taken",
    "job-begun",
    "job-claimed",
    "job-attempted",
    "job-ended",
    "schedule-attempted",
];

/// A process that the other test starts and kills. Started with all tests it has nothing to do.
#[test]
fn a_process_runs_until_the_step_it_was_told_is_done() {
    let told: Option<Vec<String>> = TOLD.map(|name| var_os(name)?.into_string().ok()).into_iter().collect();
    let Some([folder, node, now, until]) = told.as_deref() else {
        return;
    };
    let process = Process::on(Path::new(folder), node, now.parse().unwrap());
    process.until(until, || async {
        let all = process.service.schedules().await.unwrap();
        let done = all
            .iter()
            .any(|one| one.kind == *until && one.state == EntryState::Done);
        done.then_some(())
    });
}

/// Runs such a process until the step is done, once for each point it dies at; answers where it died.
fn killed_until(venue: &Venue, step: &str, points: &[&str]) -> Vec<String> {
    let command = || {
        let mut command = Command::new(current_exe().unwrap());
        let (folder, now) = (venue.folder().to_str().unwrap().to_owned(), venue.now().to_string());
        command.args(["crashes::a_process_runs_until_the_step_it_was_told_is_done", "--exact"]);
        command.envs(
            TOLD.into_iter()
                .zip([folder, venue.node.url().to_owned(), now, step.to_owned()]),
        );
        command
    };
    let all = points.iter().fold(Crashes::of(command), |runs, point| runs.at(*point));
    let runs = all.until_done().unwrap();
    runs.into_iter()
        .filter(|run| run.crashed())
        .filter_map(|run| run.told)
        .collect()
}

#[test]
fn killed_wherever_jobs_and_schedules_change_hands_a_round_makes_every_call_once() {
    let venue = Venue::open();
    let now = venue.now();
    let process = venue.begin();
    process.deploy_maci();
    let round = document(json!({
        "kind": "round", "name": "interrupted", "chain": "localhost", "deploy": at(now + HOUR), "open": at(now + HOUR),
        "close": at(now + 2 * HOUR), "poll": poll_shape(),
    }));
    process
        .run(process.service.create_schedule(&operator(), round))
        .unwrap();
    process.crash();
    let first = venue.outside(venue.chain.block_number()).unwrap() + 1;

    venue.time_passes_to(now + HOUR);
    assert_eq!(killed_until(&venue, "round-deploy", &POINTS), POINTS);
    venue.time_passes_to(now + 2 * HOUR + 60);
    assert_eq!(killed_until(&venue, "round-publish", &POINTS), POINTS);

    let calls = venue.outside(venue.chain.calls_since(first)).unwrap();
    assert!(each_once(&calls).unwrap() > 5);
    let last = venue.begin();
    let polls = last.run(last.service.polls()).unwrap();
    assert_eq!(polls.len(), 1, "one poll was asked for");
}
