//! A repeated request gets the answer of the first.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::time::Timestamp;
use maci_store::{Answer, Earlier};

on_both_engines! {
    a_repeated_request_gets_the_first_answer_also_after_a_restart,
    a_key_belongs_to_one_caller_and_one_request,
    of_many_that_come_at_once_one_is_new,
    an_unanswered_request_is_taken_over_by_one,
    a_key_that_was_given_back_or_pruned_is_new_again,
}

const REQUEST: [u8; 32] = [7; 32];
const NOW: Timestamp = Timestamp(1_000);

fn answer() -> Answer {
    Answer {
        status: 202,
        body: b"{\"id\":1}\0\xff".to_vec(),
    }
}

async fn a_repeated_request_gets_the_first_answer_also_after_a_restart(bench: Bench) {
    let job = uuid::Uuid::from_u128(5);
    let store = bench.open().await;
    let keys = store.idempotency();
    assert_eq!(keys.begin("alice", "k", &REQUEST, NOW).await.unwrap(), Earlier::New);
    let waiting = |job| Earlier::Unanswered { since: NOW, job };
    assert_eq!(
        keys.begin("alice", "k", &REQUEST, Timestamp(2_000)).await.unwrap(),
        waiting(None)
    );
    keys.note_job("alice", "k", job).await.unwrap();
    assert_eq!(
        keys.begin("alice", "k", &REQUEST, NOW).await.unwrap(),
        waiting(Some(job))
    );
    keys.answer("alice", "k", &answer()).await.unwrap();
    store.close().await;
    let keys = bench.open().await.idempotency();
    let answered = Earlier::Answered {
        answer: answer(),
        job: Some(job),
    };
    assert_eq!(keys.begin("alice", "k", &REQUEST, NOW).await.unwrap(), answered);
}

async fn a_key_belongs_to_one_caller_and_one_request(bench: Bench) {
    let keys = bench.open().await.idempotency();
    keys.begin("alice", "k", &REQUEST, NOW).await.unwrap();
    assert_eq!(
        keys.begin("alice", "k", &[8; 32], NOW).await.unwrap(),
        Earlier::OtherRequest
    );
    assert_eq!(keys.begin("bob", "k", &[8; 32], NOW).await.unwrap(), Earlier::New);
}

async fn of_many_that_come_at_once_one_is_new(bench: Bench) {
    bench.open().await;
    let requests: Vec<_> = (0..8)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let keys = bench.open().await.idempotency();
                keys.begin("alice", "k", &REQUEST, NOW).await.unwrap()
            })
        })
        .collect();
    let mut new = 0;
    for request in requests {
        new += u32::from(request.await.unwrap() == Earlier::New);
    }
    assert_eq!(new, 1);
}

async fn an_unanswered_request_is_taken_over_by_one(bench: Bench) {
    let keys = bench.open().await.idempotency();
    keys.begin("alice", "k", &REQUEST, NOW).await.unwrap();
    assert!(keys.take_over("alice", "k", NOW, Timestamp(9_000)).await.unwrap());
    assert!(!keys.take_over("alice", "k", NOW, Timestamp(9_001)).await.unwrap());
    keys.answer("alice", "k", &answer()).await.unwrap();
    assert!(
        !keys
            .take_over("alice", "k", Timestamp(9_000), Timestamp(9_999))
            .await
            .unwrap()
    );
}

async fn a_key_that_was_given_back_or_pruned_is_new_again(bench: Bench) {
    let keys = bench.open().await.idempotency();
    keys.begin("alice", "k", &REQUEST, NOW).await.unwrap();
    keys.give_back("alice", "k").await.unwrap();
    assert_eq!(keys.begin("alice", "k", &REQUEST, NOW).await.unwrap(), Earlier::New);
    keys.answer("alice", "k", &answer()).await.unwrap();
    keys.give_back("alice", "k").await.unwrap();
    assert_eq!(keys.prune(NOW).await.unwrap(), 0);
    assert_eq!(keys.prune(Timestamp(NOW.0 + 1)).await.unwrap(), 1);
    assert_eq!(keys.begin("alice", "k", &REQUEST, NOW).await.unwrap(), Earlier::New);
}
