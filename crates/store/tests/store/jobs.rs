//! A job is begun once, claimed by one runner at a time, and ended by the one that has it.

use std::collections::BTreeSet;

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;
use maci_protocol::Remedy;
use maci_protocol::time::Timestamp;
use maci_store::{BegunJob, Cancelled, JobFilter, JobState, NewJob, Page, Store, StoreError};
use serde_json::json;

on_both_engines! {
    a_job_goes_from_its_wish_to_its_result,
    however_many_wish_for_the_same_job_at_once_one_comes_of_it,
    no_two_runners_claim_one_job,
    a_job_is_claimed_when_it_is_due_and_not_before,
    a_job_that_is_tried_again_keeps_its_error_and_counts_its_attempts,
    a_cancelled_job_takes_no_answer_and_frees_its_key,
    an_answer_from_an_earlier_claim_does_not_count,
    the_jobs_of_a_closed_store_are_orphans_and_those_of_an_open_one_are_not,
    jobs_are_listed_newest_first_in_pages_and_by_what_they_are,
    old_jobs_are_pruned_and_unfinished_ones_are_not,
    a_key_that_no_database_can_hold_is_refused,
}

const NOON: Timestamp = Timestamp(1_700_000_000_000);

fn at(millis: i64) -> Timestamp {
    Timestamp(NOON.0 + millis)
}

fn wish(key: &str) -> NewJob {
    NewJob {
        kind: "generate".to_owned(),
        key: key.to_owned(),
        poll: Some(poll(0)),
        request: json!({ "poll": 0, "text": "zero \u{0} and ü" }),
        not_before: NOON,
        by: "alice".to_owned(),
    }
}

async fn begin(store: &Store, key: &str) -> uuid::Uuid {
    store.jobs().begin(&wish(key), NOON).await.unwrap().row().id
}

async fn a_job_goes_from_its_wish_to_its_result(bench: Bench) {
    let store = bench.open().await;
    let BegunJob::New(row) = store.jobs().begin(&wish("a"), NOON).await.unwrap() else {
        panic!("joined what was not there");
    };
    assert_eq!((row.state, row.attempts), (JobState::Pending, 0));
    assert_eq!((row.poll, &row.request), (Some(poll(0)), &wish("a").request));
    let claimed = store.jobs().claim_due(at(5)).await.unwrap().unwrap();
    assert_eq!(
        (claimed.id, claimed.state, claimed.attempts),
        (row.id, JobState::Running, 1)
    );
    assert!(
        store
            .jobs()
            .finish(&claimed, &json!({ "proofs": 3 }), at(9))
            .await
            .unwrap()
    );
    store.close().await;

    let jobs = bench.open().await.jobs();
    let done = jobs.get(row.id).await.unwrap().unwrap();
    assert_eq!(
        (done.state, done.result),
        (JobState::Done, Some(json!({ "proofs": 3 })))
    );
    assert_eq!((done.started_at, done.ended_at), (Some(at(5)), Some(at(9))));
    assert_eq!(jobs.claim_due(at(10)).await.unwrap(), None);
    // its key is free again
    assert!(matches!(
        jobs.begin(&wish("a"), at(10)).await.unwrap(),
        BegunJob::New(_)
    ));
}

async fn however_many_wish_for_the_same_job_at_once_one_comes_of_it(bench: Bench) {
    bench.open().await;
    let wishes: Vec<_> = (0..12)
        .map(|number| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let store = bench.open().await;
                let same = NewJob {
                    by: format!("caller {number}"),
                    ..wish("same")
                };
                store.jobs().begin(&same, NOON).await.unwrap()
            })
        })
        .collect();
    let (mut begun, mut ids) = (0, BTreeSet::new());
    for one in wishes {
        let one = one.await.unwrap();
        ids.insert(one.row().id);
        begun += u32::from(matches!(one, BegunJob::New(_)));
    }
    assert_eq!((begun, ids.len()), (1, 1));
}

async fn no_two_runners_claim_one_job(bench: Bench) {
    let store = bench.open().await;
    for number in 0..40 {
        begin(&store, &format!("job {number}")).await;
    }
    let runners: Vec<_> = (0..4)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let jobs = bench.open().await.jobs();
                let mut mine = Vec::new();
                while let Some(job) = jobs.claim_due(NOON).await.unwrap() {
                    assert!(jobs.finish(&job, &json!(null), NOON).await.unwrap());
                    mine.push(job.id);
                }
                mine
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for runner in runners {
        claimed.extend(runner.await.unwrap());
    }
    assert_eq!(claimed.len(), 40);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 40);
}

async fn a_job_is_claimed_when_it_is_due_and_not_before(bench: Bench) {
    let jobs = bench.open().await.jobs();
    assert_eq!(jobs.next_due().await.unwrap(), None);
    for (key, due) in [("later", 200), ("sooner", 100)] {
        let wish = NewJob {
            not_before: at(due),
            ..wish(key)
        };
        jobs.begin(&wish, NOON).await.unwrap();
    }
    assert_eq!(jobs.next_due().await.unwrap(), Some(at(100)));
    assert_eq!(jobs.claim_due(at(99)).await.unwrap(), None);
    assert_eq!(jobs.claim_due(at(300)).await.unwrap().unwrap().key, "sooner");
    assert_eq!(jobs.claim_due(at(300)).await.unwrap().unwrap().key, "later");
    assert_eq!(jobs.next_due().await.unwrap(), None);
}

async fn a_job_that_is_tried_again_keeps_its_error_and_counts_its_attempts(bench: Bench) {
    let jobs = bench.open().await.jobs();
    jobs.begin(&wish("a"), NOON).await.unwrap();
    let first = jobs.claim_due(NOON).await.unwrap().unwrap();
    assert!(jobs.retry_at(&first, &json!("timeout"), at(50)).await.unwrap());
    assert_eq!(jobs.claim_due(at(49)).await.unwrap(), None);
    let second = jobs.claim_due(at(50)).await.unwrap().unwrap();
    assert_eq!((second.attempts, &second.error), (2, &Some(json!("timeout"))));
    assert!(jobs.fail(&second, &json!("gave up"), at(60)).await.unwrap());
    let failed = jobs.get(first.id).await.unwrap().unwrap();
    assert_eq!((failed.state, failed.error), (JobState::Failed, Some(json!("gave up"))));
    assert!(failed.state.has_ended());
}

async fn a_cancelled_job_takes_no_answer_and_frees_its_key(bench: Bench) {
    let jobs = bench.open().await.jobs();
    jobs.begin(&wish("a"), NOON).await.unwrap();
    let running = jobs.claim_due(NOON).await.unwrap().unwrap();
    assert!(
        matches!(jobs.cancel(running.id, at(1)).await.unwrap(), Cancelled::Now(row) if row.ended_at == Some(at(1)))
    );
    assert!(!jobs.finish(&running, &json!("late"), at(2)).await.unwrap());
    assert!(!jobs.retry_at(&running, &json!("late"), at(2)).await.unwrap());
    assert!(matches!(jobs.cancel(running.id, at(3)).await.unwrap(), Cancelled::TooLate(row) if row.result.is_none()));
    assert!(matches!(jobs.begin(&wish("a"), at(4)).await.unwrap(), BegunJob::New(_)));
    assert_eq!(jobs.cancel(uuid::Uuid::nil(), NOON).await.unwrap(), Cancelled::Unknown);
}

async fn an_answer_from_an_earlier_claim_does_not_count(bench: Bench) {
    let jobs = bench.open().await.jobs();
    jobs.begin(&wish("a"), NOON).await.unwrap();
    let first = jobs.claim_due(NOON).await.unwrap().unwrap();
    jobs.retry_at(&first, &json!("slow"), NOON).await.unwrap();
    let second = jobs.claim_due(NOON).await.unwrap().unwrap();
    assert!(!jobs.finish(&first, &json!("of the first"), at(1)).await.unwrap());
    assert!(jobs.finish(&second, &json!("of the second"), at(1)).await.unwrap());
    assert_eq!(
        jobs.get(first.id).await.unwrap().unwrap().result,
        Some(json!("of the second"))
    );
}

async fn the_jobs_of_a_closed_store_are_orphans_and_those_of_an_open_one_are_not(bench: Bench) {
    let (gone, alive, heir) = (bench.open().await, bench.open().await, bench.open().await);
    for key in ["a", "b"] {
        begin(&gone, key).await;
    }
    let orphan = gone.jobs().claim_due(NOON).await.unwrap().unwrap();
    let kept = alive.jobs().claim_due(NOON).await.unwrap().unwrap();
    assert!(heir.jobs().orphans().await.unwrap().is_empty());
    gone.close().await;
    let found = heir.jobs().orphans().await.unwrap();
    assert_eq!(found.iter().map(|job| job.id).collect::<Vec<_>>(), [orphan.id]);
    assert!(heir.jobs().orphans().await.unwrap().is_empty());
    let again = heir.jobs().claim_due(NOON).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (orphan.id, 2));
    assert!(alive.jobs().finish(&kept, &json!(1), NOON).await.unwrap());
}

async fn jobs_are_listed_newest_first_in_pages_and_by_what_they_are(bench: Bench) {
    let jobs = bench.open().await.jobs();
    for number in 0..5u64 {
        let wish = NewJob {
            kind: if number % 2 == 0 { "merge" } else { "submit" }.to_owned(),
            poll: Some(poll(number)),
            ..wish(&number.to_string())
        };
        jobs.begin(&wish, at(number as i64)).await.unwrap();
    }
    let keys = |rows: Vec<maci_store::JobRow>| rows.into_iter().map(|row| row.key).collect::<Vec<_>>();
    let all = JobFilter::default();
    let first = jobs.list(&all, Page::first(2)).await.unwrap();
    let next = Page {
        after: Some(first[1].id),
        limit: 10,
    };
    assert_eq!(keys(first), ["4", "3"]);
    assert_eq!(keys(jobs.list(&all, next).await.unwrap()), ["2", "1", "0"]);

    jobs.claim_due(at(9)).await.unwrap();
    let running = JobFilter {
        state: Some(JobState::Running),
        unfinished: true,
        ..JobFilter::default()
    };
    let merges_of_2 = JobFilter {
        kind: Some("merge".to_owned()),
        poll: Some(poll(2)),
        by: Some("alice".to_owned()),
        ..JobFilter::default()
    };
    let of_nobody = JobFilter {
        by: Some("bob".to_owned()),
        ..JobFilter::default()
    };
    for (filter, expected) in [(running, &["0"][..]), (merges_of_2, &["2"]), (of_nobody, &[])] {
        assert_eq!(
            keys(jobs.list(&filter, Page::first(10)).await.unwrap()),
            expected,
            "{filter:?}"
        );
    }
}

async fn old_jobs_are_pruned_and_unfinished_ones_are_not(bench: Bench) {
    let jobs = bench.open().await.jobs();
    jobs.begin(&wish("old"), NOON).await.unwrap();
    jobs.begin(&wish("unfinished"), NOON).await.unwrap();
    let old = jobs.claim_due(NOON).await.unwrap().unwrap();
    jobs.finish(&old, &json!(1), at(10)).await.unwrap();
    assert_eq!(jobs.prune(at(10)).await.unwrap(), 0);
    assert_eq!(jobs.prune(at(11)).await.unwrap(), 1);
    assert_eq!(jobs.list(&JobFilter::default(), Page::first(9)).await.unwrap().len(), 1);
}

async fn a_key_that_no_database_can_hold_is_refused(bench: Bench) {
    let jobs = bench.open().await.jobs();
    for key in ["", "a\0b", &"x".repeat(1001)] {
        let refused = jobs.begin(&wish(key), NOON).await.unwrap_err();
        assert!(matches!(refused, StoreError::BadText { .. }), "{refused}");
        assert_eq!(refused.remedy(), Remedy::Abandon);
    }
}
