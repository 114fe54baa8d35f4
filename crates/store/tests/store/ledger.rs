//! The ledger keeps logs in order, whole stretches at a time, on one chain.

use crate::bench::{Bench, on_both_engines};
use crate::sample::{START, all_logs, block, log, logs, poll};
use maci_protocol::ids::BlockNumber;
use maci_store::StoreError;

on_both_engines! {
    what_was_appended_is_there_in_order_after_reopening,
    appending_a_stretch_again_or_in_other_pieces_changes_nothing,
    a_stretch_that_leaves_a_hole_is_refused,
    logs_that_differ_from_the_ledgers_are_a_conflict_and_change_nothing,
    logs_out_of_order_or_outside_their_blocks_are_refused,
    unwinding_forgets_what_no_kept_stamp_vouches_for,
    a_ledger_that_began_too_late_is_begun_anew,
    polls_do_not_see_each_other,
    old_stamps_are_let_go_and_logs_are_not,
    an_append_dropped_at_any_moment_happened_whole_or_not_at_all,
    writers_of_the_same_stretches_do_not_disturb_each_other,
}

async fn what_was_appended_is_there_in_order_after_reopening(bench: Bench) {
    let store = bench.open().await;
    store.ledger().follow(&poll(0), START).await.unwrap();
    let first = store
        .ledger()
        .append(&poll(0), START, block(12, 0), &logs(10..=12, 0))
        .await
        .unwrap();
    assert_eq!(first.new, 9);
    store
        .ledger()
        .append(&poll(0), BlockNumber(13), block(20, 0), &logs(15..=16, 0))
        .await
        .unwrap();
    store.close().await;

    let store = bench.open().await;
    let state = store.ledger().state(&poll(0)).await.unwrap().unwrap();
    assert_eq!((state.start, state.cursor), (START, Some(block(20, 0))));
    let expected = [logs(10..=12, 0), logs(15..=16, 0)].concat();
    assert_eq!(all_logs(&store.ledger(), &poll(0)).await, expected);
    assert_eq!(
        store.ledger().stamps(&poll(0)).await.unwrap(),
        [block(20, 0), block(12, 0)]
    );
}

async fn appending_a_stretch_again_or_in_other_pieces_changes_nothing(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), START).await.unwrap();
    let all = logs(10..=20, 0);
    ledger
        .append(&poll(0), START, block(15, 0), &logs(10..=15, 0))
        .await
        .unwrap();
    let again = ledger
        .append(&poll(0), START, block(15, 0), &logs(10..=15, 0))
        .await
        .unwrap();
    assert_eq!(again.new, 0);
    let inside = ledger
        .append(&poll(0), BlockNumber(12), block(13, 0), &logs(12..=13, 0))
        .await
        .unwrap();
    assert_eq!(inside.new, 0);
    let longer = ledger.append(&poll(0), START, block(20, 0), &all).await.unwrap();
    assert_eq!(longer.new, 15);
    assert_eq!(all_logs(&ledger, &poll(0)).await, all);
}

async fn a_stretch_that_leaves_a_hole_is_refused(bench: Bench) {
    let store = bench.open().await;
    store.ledger().follow(&poll(0), START).await.unwrap();
    let refused = store
        .ledger()
        .append(&poll(0), BlockNumber(11), block(12, 0), &[])
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::Gap {
            expected: START,
            found: BlockNumber(11),
            ..
        })
    ));
}

async fn logs_that_differ_from_the_ledgers_are_a_conflict_and_change_nothing(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), START).await.unwrap();
    ledger
        .append(&poll(0), START, block(15, 0), &logs(10..=15, 0))
        .await
        .unwrap();
    let before = all_logs(&ledger, &poll(0)).await;

    let mut dropped = logs(10..=20, 0);
    dropped.remove(7);
    let mut changed = logs(10..=20, 0);
    changed[7].data.push(0);
    let mut added = logs(10..=20, 0);
    added.insert(9, log(12, 0, 3));
    for offered in [dropped, changed, added] {
        let refused = ledger.append(&poll(0), START, block(20, 0), &offered).await;
        assert!(
            matches!(
                refused,
                Err(StoreError::Conflict {
                    block: BlockNumber(12),
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    let fork = ledger
        .append(&poll(0), BlockNumber(15), block(15, 1), &logs(15..=15, 1))
        .await;
    assert!(matches!(
        fork,
        Err(StoreError::Conflict {
            block: BlockNumber(15),
            ..
        })
    ));
    let silent_fork = ledger.append(&poll(0), BlockNumber(16), block(15, 1), &[]).await;
    assert!(matches!(silent_fork, Err(StoreError::NotAStretch { .. })));
    assert_eq!(all_logs(&ledger, &poll(0)).await, before);
}

async fn logs_out_of_order_or_outside_their_blocks_are_refused(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), START).await.unwrap();
    let swapped = vec![log(11, 0, 1), log(11, 0, 0)];
    let twice = vec![log(11, 0, 1), log(11, 0, 1)];
    let early = vec![log(9, 0, 0)];
    let late = vec![log(13, 0, 0)];
    let of_a_fork = vec![log(12, 1, 0)];
    let of_two_forks = vec![log(11, 0, 0), log(11, 1, 1)];
    for offered in [swapped, twice, early, late, of_a_fork, of_two_forks] {
        let refused = ledger.append(&poll(0), START, block(12, 0), &offered).await;
        assert!(matches!(refused, Err(StoreError::NotAStretch { .. })), "{refused:?}");
    }
    assert_eq!(ledger.state(&poll(0)).await.unwrap().unwrap().cursor, None);
}

async fn unwinding_forgets_what_no_kept_stamp_vouches_for(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), START).await.unwrap();
    for (from, upto) in [(10, 12), (13, 16), (17, 20)] {
        ledger
            .append(&poll(0), BlockNumber(from), block(upto, 0), &logs(from..=upto, 0))
            .await
            .unwrap();
    }
    let state = ledger.unwind(&poll(0), Some(BlockNumber(16))).await.unwrap();
    assert_eq!(state.cursor, Some(block(16, 0)));
    assert_eq!(all_logs(&ledger, &poll(0)).await, logs(10..=16, 0));

    // block 14 is between two stamps: the one below is where the ledger goes on
    let state = ledger.unwind(&poll(0), Some(BlockNumber(14))).await.unwrap();
    assert_eq!(state.cursor, Some(block(12, 0)));
    assert_eq!(all_logs(&ledger, &poll(0)).await, logs(10..=12, 0));

    ledger
        .append(&poll(0), BlockNumber(13), block(16, 1), &logs(13..=16, 1))
        .await
        .unwrap();
    let state = ledger.unwind(&poll(0), None).await.unwrap();
    assert_eq!((state.cursor, state.next()), (None, START));
    assert!(all_logs(&ledger, &poll(0)).await.is_empty());
}

async fn a_ledger_that_began_too_late_is_begun_anew(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), START).await.unwrap();
    ledger
        .append(&poll(0), START, block(15, 0), &logs(10..=15, 0))
        .await
        .unwrap();
    let same = ledger.follow(&poll(0), BlockNumber(12)).await.unwrap();
    assert_eq!((same.start, same.cursor), (START, Some(block(15, 0))));
    let anew = ledger.follow(&poll(0), BlockNumber(5)).await.unwrap();
    assert_eq!((anew.start, anew.cursor), (BlockNumber(5), None));
    assert!(all_logs(&ledger, &poll(0)).await.is_empty());
}

async fn polls_do_not_see_each_other(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    for number in [0, 1] {
        ledger.follow(&poll(number), START).await.unwrap();
    }
    ledger
        .append(&poll(0), START, block(15, 0), &logs(10..=15, 0))
        .await
        .unwrap();
    assert!(all_logs(&ledger, &poll(1)).await.is_empty());
    ledger.unwind(&poll(1), None).await.unwrap();
    assert_eq!(all_logs(&ledger, &poll(0)).await.len(), 18);
    let unknown = ledger.append(&poll(2), START, block(15, 0), &[]).await;
    assert!(matches!(unknown, Err(StoreError::NotFollowed { .. })));
}

async fn old_stamps_are_let_go_and_logs_are_not(bench: Bench) {
    let store = bench.open().await;
    let ledger = store.ledger();
    ledger.follow(&poll(0), BlockNumber(1)).await.unwrap();
    ledger
        .append(&poll(0), BlockNumber(1), block(1, 0), &logs(1..=1, 0))
        .await
        .unwrap();
    for number in 2..=1_100 {
        ledger
            .append(&poll(0), BlockNumber(number), block(number, 0), &[])
            .await
            .unwrap();
    }
    let stamps = ledger.stamps(&poll(0)).await.unwrap();
    assert_eq!((stamps.len(), stamps[0]), (1_024, block(1_100, 0)));
    assert_eq!(all_logs(&ledger, &poll(0)).await.len(), 3);
}

async fn an_append_dropped_at_any_moment_happened_whole_or_not_at_all(bench: Bench) {
    let store = bench.open().await;
    let (ledger, poll) = (store.ledger(), poll(0));
    ledger.follow(&poll, START).await.unwrap();
    let offered = logs(10..=15, 0);
    for patience in 0..300 {
        tokio::select! {
            biased;
            done = ledger.append(&poll, START, block(15, 0), &offered) => { done.unwrap(); }
            () = yields(patience) => {}
        }
        // the next writer's turn comes when the dropped one has ended, whichever way
        let state = ledger.follow(&poll, START).await.unwrap();
        let there = all_logs(&ledger, &poll).await;
        match state.cursor {
            None => assert!(there.is_empty()),
            Some(cursor) => assert_eq!((cursor, &there), (block(15, 0), &offered)),
        }
        ledger.unwind(&poll, None).await.unwrap();
    }
}

async fn yields(times: u32) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

async fn writers_of_the_same_stretches_do_not_disturb_each_other(bench: Bench) {
    let store = bench.open().await;
    store.ledger().follow(&poll(0), START).await.unwrap();
    let writers = (0..4).map(|_| {
        let bench = bench.clone();
        tokio::spawn(async move {
            // a store of its own, as another process would have
            let ledger = bench.open().await.ledger();
            for number in 10..=40 {
                ledger
                    .append(
                        &poll(0),
                        BlockNumber(number),
                        block(number, 0),
                        &logs(number..=number, 0),
                    )
                    .await
                    .unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(all_logs(&store.ledger(), &poll(0)).await, logs(10..=40, 0));
}
