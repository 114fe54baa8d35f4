//! Killed after every durable step and at random, the poll still comes to its result, and the chain sees each call once.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use maci_testkit::{
    Postgres, Script,
    anvil::each_once,
    crash::{Crashes, kill_after_lines},
    script::Mode,
};

use crate::venue::Venue;

/// Before a transaction is on chain a process can die at each of these.
const BEFORE: [&str; 2] = ["signed", "intent-stored"];

/// Once it is on chain, only one death belongs to it: the next process sees that it has happened and goes on.
const AFTER: [&str; 3] = ["mined", "intent-settled", "step-done"];

/// Merging, two message batches, two ballot batches, the results.
const TRANSACTIONS: usize = 6;

/// The points between merging and the first proof's transaction; the second proof is stored in the run after the first.
const OF_THE_PROOFS: [&str; 4] = ["ledger-appended", "proof-stored", "proof-file-written", "proof-stored"];

/// The point at the end.
const OF_THE_RESULT: &str = "tally-written";

/// Two batches of messages, two of ballots.
fn script() -> Script {
    Script::of_two_batches(Mode::Quadratic)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_every_durable_step_the_chain_sees_every_call_once() {
    let script = script();
    killed_after_every_durable_step(&Venue::after(&script).await, &script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_every_durable_step_with_its_tables_on_a_server_the_chain_sees_every_call_once() {
    let Some(server) = Postgres::shared_or_left_out().unwrap() else {
        return;
    };
    let script = script();
    let mut venue = Venue::after(&script).await;
    venue.operator.with_tables_at(server.database().unwrap());
    killed_after_every_durable_step(&venue, &script).await;
}

async fn killed_after_every_durable_step(venue: &Venue, script: &Script) {
    let first = venue.chain.block_number().await.unwrap() + 1;

    let mut points: Vec<&str> = Vec::new();
    for (transaction, after) in AFTER.iter().cycle().take(TRANSACTIONS).enumerate() {
        points.extend(BEFORE);
        points.push(after);
        if transaction == 0 {
            points.extend(OF_THE_PROOFS);
        }
    }
    points.push(OF_THE_RESULT);
    let finalise = Crashes::of(|| venue.operator.command(&["finalise"]));
    let all = points.iter().fold(finalise, |runs, point| runs.at(*point));
    let runs = tokio::task::block_in_place(|| all.until_done()).unwrap();

    let crashed = runs.iter().filter(|run| run.crashed());
    let deaths: Vec<&str> = crashed.filter_map(|run| run.told.as_deref()).collect();
    let survived: Vec<&&str> = points.iter().filter(|point| !deaths.contains(point)).collect();
    assert!(
        survived.is_empty(),
        "no run died at {survived:?}; is the point still passed?"
    );
    assert!(
        deaths.len() >= 2 * TRANSACTIONS,
        "only {} of {} runs died: {deaths:?}",
        deaths.len(),
        runs.len()
    );
    let calls = venue.chain.calls_since(first).await.unwrap();
    assert_eq!(each_once(&calls), Ok(TRANSACTIONS));
    venue.expect_the_count_of(script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_between_lines_of_its_report_it_still_finishes() {
    let script = script();
    let venue = Venue::after(&script).await;
    let first = venue.chain.block_number().await.unwrap() + 1;

    // A run that is killed after more lines than the last gets further each time.
    let ended_by_itself = (1..200).find(|lines| {
        !tokio::task::block_in_place(|| kill_after_lines(venue.operator.command(&["finalise"]), *lines)).unwrap()
    });
    assert!(ended_by_itself.is_some());
    let again = venue.operator.run(&["finalise"]);
    assert!(
        again.ok,
        "a finished poll is finished again without harm: {}",
        again.error
    );
    let calls = venue.chain.calls_since(first).await.unwrap();
    assert_eq!(each_once(&calls), Ok(TRANSACTIONS));
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_from_the_server_with_its_lock_it_sends_nothing_more_and_the_next_goes_on() {
    let Some(server) = Postgres::shared_or_left_out().unwrap() else {
        return;
    };
    let script = script();
    let mut venue = Venue::after(&script).await;
    venue.operator.with_tables_at(server.database().unwrap());
    let first = venue.chain.block_number().await.unwrap() + 1;

    let mut command = venue.operator.command(&["finalise"]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let merged = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("merge the state")));
    assert!(merged.is_some());
    server.cut(&format!("process {} (finalise)", run.id())).unwrap();
    let told: Vec<String> = lines.map_while(Result::ok).collect();
    let mut beside = String::new();
    run.stderr.take().unwrap().read_to_string(&mut beside).unwrap();
    assert!(!run.wait().unwrap().success());
    let told = told.join("\n") + &beside;
    assert!(told.contains("right to work on the poll was lost"), "{told}");
    assert_eq!(venue.chain.calls_since(first).await.unwrap().len(), 1);

    let next = venue.operator.run(&["finalise"]);
    assert!(next.ok, "{}", next.error);
    let calls = venue.chain.calls_since(first).await.unwrap();
    assert_eq!(each_once(&calls), Ok(TRANSACTIONS));
    venue.expect_the_count_of(&script).await;
}
