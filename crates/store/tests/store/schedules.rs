//! Entries of the schedule come up when it is time, and one at a time moves them on.

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;
use maci_protocol::time::Timestamp;
use maci_store::{
    Created, NewSchedule, Page, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState, Schedules, StoreError,
};
use serde_json::json;

on_both_engines! {
    an_entry_comes_up_at_its_time_also_when_nobody_looked_then,
    of_one_kind_and_name_one_entry_waits_or_runs,
    of_several_that_would_start_an_entry_one_does,
    a_change_leaves_alone_what_it_does_not_name,
    entries_are_found_by_what_they_are,
}

const NIGHT: Timestamp = Timestamp(1_800_000_000_000);

fn entry(name: Option<&str>, runs_at: i64) -> NewSchedule {
    NewSchedule {
        kind: "finalise".to_owned(),
        name: name.map(str::to_owned),
        poll: Some(poll(3)),
        runs_at: Timestamp(NIGHT.0 + runs_at),
        document: json!({ "steps": ["merge", "prove"] }),
        created_by: "alice".to_owned(),
    }
}

async fn create(schedules: &Schedules, new: &NewSchedule) -> ScheduleRow {
    match schedules.create(new, NIGHT).await.unwrap() {
        Created::New(row) => row,
        Created::Taken(row) => panic!("taken: {row:?}"),
    }
}

fn moved_to(state: ScheduleState) -> ScheduleChange {
    ScheduleChange {
        state: Some(state),
        ..ScheduleChange::default()
    }
}

async fn an_entry_comes_up_at_its_time_also_when_nobody_looked_then(bench: Bench) {
    let store = bench.open().await;
    assert_eq!(store.schedules().next_due().await.unwrap(), None);
    let later = create(&store.schedules(), &entry(None, 500)).await;
    let sooner = create(&store.schedules(), &entry(None, 100)).await;
    store.close().await;

    let schedules = bench.open().await.schedules();
    assert_eq!(schedules.next_due().await.unwrap(), Some(sooner.runs_at));
    assert!(schedules.due(Timestamp(NIGHT.0 + 99), 10).await.unwrap().is_empty());
    assert_eq!(
        schedules.due(sooner.runs_at, 10).await.unwrap(),
        std::slice::from_ref(&sooner)
    );
    let years_later = Timestamp(NIGHT.0 * 2);
    assert_eq!(schedules.due(years_later, 10).await.unwrap(), [sooner, later]);
    assert_eq!(schedules.due(years_later, 1).await.unwrap().len(), 1);
}

async fn of_one_kind_and_name_one_entry_waits_or_runs(bench: Bench) {
    let schedules = bench.open().await.schedules();
    let first = create(&schedules, &entry(Some("round"), 100)).await;
    let again = schedules.create(&entry(Some("round"), 900), NIGHT).await.unwrap();
    assert_eq!(again, Created::Taken(first.clone()));
    let other_kind = NewSchedule {
        kind: "deploy".to_owned(),
        ..entry(Some("round"), 100)
    };
    create(&schedules, &other_kind).await;
    create(&schedules, &entry(None, 100)).await;
    create(&schedules, &entry(None, 100)).await;
    let cancelled = moved_to(ScheduleState::Cancelled);
    assert!(
        schedules
            .update(first.id, ScheduleState::Waiting, &cancelled, NIGHT)
            .await
            .unwrap()
    );
    let second = create(&schedules, &entry(Some("round"), 900)).await;
    assert_ne!(first.id, second.id);
    // what was called off cannot come back beside it
    let back = moved_to(ScheduleState::Waiting);
    let refused = schedules.update(first.id, ScheduleState::Cancelled, &back, NIGHT).await;
    assert!(matches!(refused, Err(StoreError::NameTaken { id }) if id == first.id));
}

async fn of_several_that_would_start_an_entry_one_does(bench: Bench) {
    let entry = create(&bench.open().await.schedules(), &entry(None, 0)).await;
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let running = moved_to(ScheduleState::Running);
                let schedules = bench.open().await.schedules();
                schedules
                    .update(entry.id, ScheduleState::Waiting, &running, NIGHT)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut started = 0;
    for start in starts {
        started += u32::from(start.await.unwrap());
    }
    assert_eq!(started, 1);
}

async fn a_change_leaves_alone_what_it_does_not_name(bench: Bench) {
    let schedules = bench.open().await.schedules();
    let before = create(&schedules, &entry(Some("round"), 0)).await;
    let job = uuid::Uuid::from_u128(7);
    let change = ScheduleChange {
        state: Some(ScheduleState::Failed),
        last_error: Some("no gas \0".to_owned()),
        job: Some(job),
        ..ScheduleChange::default()
    };
    let now = Timestamp(NIGHT.0 + 5);
    assert!(
        schedules
            .update(before.id, ScheduleState::Waiting, &change, now)
            .await
            .unwrap()
    );
    let expected = ScheduleRow {
        state: ScheduleState::Failed,
        last_error: Some("no gas ".to_owned()),
        job: Some(job),
        changed_at: now,
        ..before
    };
    assert_eq!(schedules.get(before.id).await.unwrap(), Some(expected));
    assert_eq!(schedules.get(job).await.unwrap(), None);
}

async fn entries_are_found_by_what_they_are(bench: Bench) {
    let schedules = bench.open().await.schedules();
    let one = create(&schedules, &entry(Some("one"), 0)).await;
    let two = create(&schedules, &entry(Some("two"), 0)).await;
    let done = moved_to(ScheduleState::Done);
    schedules
        .update(one.id, ScheduleState::Waiting, &done, NIGHT)
        .await
        .unwrap();
    let unfinished = ScheduleFilter {
        unfinished: true,
        poll: Some(poll(3)),
        kind: Some("finalise".to_owned()),
        ..ScheduleFilter::default()
    };
    let by_name = ScheduleFilter {
        name: Some("one".to_owned()),
        state: Some(ScheduleState::Done),
        ..ScheduleFilter::default()
    };
    for (filter, expected) in [(unfinished, two.id), (by_name, one.id)] {
        let found = schedules.list(&filter, Page::first(9)).await.unwrap();
        assert_eq!(
            found.iter().map(|row| row.id).collect::<Vec<_>>(),
            [expected],
            "{filter:?}"
        );
    }
    let all = schedules
        .list(&ScheduleFilter::default(), Page::first(9))
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
}
