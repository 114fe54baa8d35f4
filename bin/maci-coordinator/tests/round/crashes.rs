//! Killed after every durable step and at random, the poll still comes to its result, and the chain sees each call once.

use std::collections::BTreeMap;

use maci_testkit::{
    Script,
    anvil::Call,
    crash::{Crashes, kill_after_lines},
    script::{Intent, Mode},
};

use crate::venue::Venue;

/// Every point after which something durable has happened, in the order a poll passes them. The later ones are passed
/// often; there the process dies more than once.
const POINTS: [&str; 18] = [
    "ledger-appended",
    "signed",
    "intent-stored",
    "attempt-stored",
    "mined",
    "intent-settled",
    "step-done",
    "proof-stored",
    "proof-file-written",
    "proof-stored:2",
    "signed",
    "intent-stored",
    "attempt-stored",
    "mined",
    "intent-settled:2",
    "step-done",
    "signed",
    "tally-written",
];

/// Two batches of messages, two of ballots.
fn script() -> Script {
    let messages = vec![
        Intent::vote("ann", 1, 2, 1, 3),
        Intent::vote("bob", 2, 1, 2, 4),
        Intent::vote("ann", 1, 1, 0, 2),
    ];
    Script { mode: Mode::Quadratic, options: 5, credits: 100, joined: vec!["ann", "bob"], messages }
}

/// Every call since a block succeeded and was made once. Calls are told apart by their whole input.
fn assert_each_once(calls: &[Call]) {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for call in calls {
        assert!(call.succeeded, "{call:?} reverted");
        *seen.entry((&call.to, &call.input)).or_default() += 1;
    }
    assert!(!seen.is_empty());
    assert!(seen.values().all(|times| *times == 1), "some call was made twice: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_every_durable_step_the_chain_sees_every_call_once() {
    let script = script();
    let venue = Venue::after(&script).await;
    let first = venue.chain.block_number().await.unwrap() + 1;

    let all = POINTS.iter().fold(Crashes::of(|| venue.operator.command(&["finalise"])), |runs, point| runs.at(*point));
    let runs = tokio::task::block_in_place(|| all.until_done()).unwrap();

    let died = |point: &str| runs.iter().any(|run| run.crashed() && run.told.as_deref() == Some(point));
    let survived: Vec<&str> = POINTS.into_iter().filter(|point| !died(point)).collect();
    assert!(survived.is_empty(), "no run died at {survived:?}; is the point still passed?");
    assert_each_once(&venue.chain.calls_since(first).await.unwrap());
    venue.expect_the_count_of(&script).await;
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
    assert!(again.ok, "a finished poll is finished again without harm: {}", again.error);
    assert_each_once(&venue.chain.calls_since(first).await.unwrap());
    venue.expect_the_count_of(&script).await;
}
