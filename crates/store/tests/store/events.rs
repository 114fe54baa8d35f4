//! Events come in one order, which everybody sees alike.

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;
use maci_protocol::time::Timestamp;
use maci_store::{EventFilter, NewEvent};
use serde_json::json;

on_both_engines! {
    events_are_read_in_order_from_any_cursor_on,
    a_reader_that_follows_many_writers_misses_nothing,
    events_are_found_by_poll_job_and_kind,
    a_cursor_is_not_given_twice_even_when_everything_was_pruned,
}

fn event(number: u64) -> NewEvent {
    NewEvent {
        at: Timestamp(number as i64),
        poll: Some(poll(number % 2)),
        job: Some(uuid::Uuid::from_u128(number.into())),
        kind: format!("kind {}", number % 3),
        body: json!({ "number": number }),
    }
}

async fn events_are_read_in_order_from_any_cursor_on(bench: Bench) {
    let store = bench.open().await;
    for number in 0..5 {
        store.events().append(&event(number)).await.unwrap();
    }
    store.close().await;
    let events = bench.open().await.events();
    let all = events.after(0, 100, &EventFilter::default()).await.unwrap();
    assert_eq!(
        all.iter().map(|row| row.event.clone()).collect::<Vec<_>>(),
        (0..5).map(event).collect::<Vec<_>>()
    );
    assert_eq!(
        events.after(all[1].cursor, 2, &EventFilter::default()).await.unwrap(),
        all[2..4]
    );
    assert_eq!(events.newest().await.unwrap(), all[4].cursor);
    assert!(
        events
            .after(all[4].cursor, 9, &EventFilter::default())
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_reader_that_follows_many_writers_misses_nothing(bench: Bench) {
    const EACH: u64 = 25;
    bench.open().await;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let events = bench.open().await.events();
                for number in 0..EACH {
                    events.append(&event(writer * EACH + number)).await.unwrap();
                }
            })
        })
        .collect();
    let events = bench.open().await.events();
    let (mut cursor, mut seen) = (0, Vec::new());
    while seen.len() < 4 * EACH as usize {
        // never looks back behind its cursor
        for row in events.after(cursor, 10, &EventFilter::default()).await.unwrap() {
            cursor = row.cursor;
            seen.push(row.event.at.0);
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..4 * EACH as i64).collect::<Vec<_>>());
}

async fn events_are_found_by_poll_job_and_kind(bench: Bench) {
    let events = bench.open().await.events();
    for number in 0..6 {
        events.append(&event(number)).await.unwrap();
    }
    let about = EventFilter {
        poll: Some(poll(1)),
        kind: Some("kind 0".to_owned()),
        ..EventFilter::default()
    };
    let of_job = EventFilter {
        job: Some(uuid::Uuid::from_u128(4)),
        ..EventFilter::default()
    };
    for (filter, expected) in [(about, 3), (of_job, 4)] {
        let found = events.after(0, 9, &filter).await.unwrap();
        assert_eq!(
            found.iter().map(|row| &row.event).collect::<Vec<_>>(),
            [&event(expected)]
        );
    }
}

async fn a_cursor_is_not_given_twice_even_when_everything_was_pruned(bench: Bench) {
    let events = bench.open().await.events();
    for number in 0..4 {
        events.append(&event(number)).await.unwrap();
    }
    assert_eq!(events.prune(Timestamp(2)).await.unwrap(), 2);
    let left = events.after(0, 9, &EventFilter::default()).await.unwrap();
    assert_eq!((left.len(), events.oldest().await.unwrap()), (2, Some(left[0].cursor)));
    let last = events.newest().await.unwrap();
    assert_eq!(events.prune(Timestamp(100)).await.unwrap(), 2);
    assert_eq!(
        (events.oldest().await.unwrap(), events.newest().await.unwrap()),
        (None, last)
    );
    assert!(events.append(&event(9)).await.unwrap() > last);
}
