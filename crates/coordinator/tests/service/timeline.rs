//! A whole round from one document.

use maci_coordinator_core::finalise::Stage;
use maci_coordinator_core::schedule::{EntryState, Moment, ScheduleDocument, ScheduleView};
use maci_coordinator_core::service::LegacyCode;
use maci_protocol::time::Timestamp;
use serde_json::{Value, json};

use crate::venue::{Process, Venue, count_of, operator, poll_shape, results_of, votes};

pub(crate) const HOUR: u64 = 3600;

pub(crate) fn at(seconds: u64) -> String {
    Moment(Timestamp::from_unix_seconds(seconds)).to_string()
}

pub(crate) fn document(value: Value) -> ScheduleDocument {
    serde_json::from_value(value).unwrap()
}

/// The steps of the only round, in order.
fn steps(process: &Process) -> Vec<ScheduleView> {
    let mut all = process.run(process.service.schedules()).unwrap();
    all.reverse();
    all
}

fn step_done(process: &Process, kind: &str) -> ScheduleView {
    process.until(&format!("{kind} is done"), || async {
        let all = process.service.schedules().await.unwrap();
        all.into_iter()
            .find(|one| one.kind == kind && one.state == EntryState::Done)
    })
}

#[test]
fn a_round_runs_from_its_timeline_and_its_result_is_known_when_it_is_published() {
    let (venue, script) = (Venue::open(), votes());
    let process = venue.begin();
    process.deploy_maci();
    let now = venue.now();
    let (deploy, open, close, publish) = (now + HOUR, now + 2 * HOUR, now + 4 * HOUR, now + 9 * HOUR);
    let round = document(json!({
        "kind": "round", "name": "winter grants", "chain": "localhost", "deploy": at(deploy), "open": at(open),
        "close": at(close), "publish": at(publish), "poll": poll_shape(),
    }));
    let made = process
        .run(process.service.create_schedule(&operator(), round))
        .unwrap();
    assert_eq!(made.len(), 5);
    process.crash();

    // nobody was there when it was to be deployed
    venue.time_passes_to(deploy + HOUR / 2);
    let process = venue.begin();
    let poll = step_done(&process, "round-deploy").poll.unwrap();
    venue.time_passes_to(open + 1);
    venue.vote(&script, poll);
    step_done(&process, "round-open");

    venue.time_passes_to(close + 60);
    step_done(&process, "round-finalise");
    let view = process.run(process.service.poll(poll)).unwrap();
    assert!(matches!(view.stage, Stage::Processing(_)), "{}", view.stage);
    let early = process.run(process.service.tally(poll)).unwrap_err();
    assert_eq!(
        early.code(),
        Some(LegacyCode::FileNotFound),
        "the result is known before its time"
    );

    venue.time_passes_to(publish);
    step_done(&process, "round-publish");
    let tally = process.run(process.service.tally(poll)).unwrap();
    assert_eq!(
        results_of(&serde_json::from_str(&tally.text).unwrap()),
        count_of(&script)
    );
    assert!(
        steps(&process)
            .iter()
            .all(|step| step.state == EntryState::Done && step.poll == Some(poll))
    );
}

#[test]
fn a_poll_whose_voting_is_over_before_anybody_deploys_it_is_missed_and_so_is_what_follows() {
    let venue = Venue::open();
    let process = venue.begin();
    let now = venue.now();
    let round = document(json!({
        "kind": "round", "name": "slept through", "chain": "31337", "deploy": at(now + HOUR), "open": at(now + HOUR),
        "close": at(now + 2 * HOUR), "poll": poll_shape(),
    }));
    process
        .run(process.service.create_schedule(&operator(), round))
        .unwrap();
    process.crash();

    venue.time_passes_to(now + 3 * HOUR);
    let process = venue.begin();
    process.until("every step is given up", || async {
        let all = process.service.schedules().await.unwrap();
        all.iter().all(|one| one.state == EntryState::Missed).then_some(())
    });
    let why = steps(&process)[0].reason.clone().unwrap();
    assert!(why.contains("before the poll was deployed"), "{why}");
}

#[test]
fn a_timeline_out_of_order_and_a_round_that_has_closed_are_refused() {
    let venue = Venue::open();
    let process = venue.begin();
    let now = venue.now();
    let refused = |deploy: u64, open: u64, close: u64| {
        let round = document(json!({
            "kind": "round", "name": "wrong", "chain": "localhost", "deploy": at(deploy), "open": at(open),
            "close": at(close), "poll": poll_shape(),
        }));
        process
            .run(process.service.create_schedule(&operator(), round))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(now + 5, now + 4, now + 9).contains("out of order"));
    assert!(refused(now - 9, now - 8, now - 7).contains("has closed already"));
    assert!(process.run(process.service.schedules()).unwrap().is_empty());
}
