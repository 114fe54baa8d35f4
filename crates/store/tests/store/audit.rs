//! The audit log notices what was changed in it.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::time::Timestamp;
use maci_store::{AuditChain, AuditEntry, Page};

on_both_engines! {
    entries_are_kept_in_order_and_seal_each_other,
    entries_written_at_once_still_form_one_chain,
    a_changed_entry_breaks_the_chain_there,
    a_removed_entry_breaks_the_chain_behind_it,
}

fn entry(number: i64) -> AuditEntry {
    AuditEntry {
        at: Timestamp(number),
        who: "alice (operator)".to_owned(),
        what: "finalise".to_owned(),
        target: format!("poll {number}"),
        outcome: "begun".to_owned(),
        request: (number % 2 == 0).then(|| format!("request-{number}")),
    }
}

async fn entries_are_kept_in_order_and_seal_each_other(bench: Bench) {
    let store = bench.open().await;
    assert!(matches!(
        store.audit().check().await.unwrap(),
        AuditChain::Whole { entries: 0, .. }
    ));
    for number in 1..=5 {
        store.audit().append(&entry(number)).await.unwrap();
    }
    store.close().await;
    let audit = bench.open().await.audit();
    let newest = audit.page(Page::first(2)).await.unwrap();
    assert_eq!(
        newest.iter().map(|row| &row.entry).collect::<Vec<_>>(),
        [&entry(5), &entry(4)]
    );
    assert_eq!(newest[0].previous, newest[1].hash);
    let next = Page {
        after: Some(newest[1].number),
        limit: 9,
    };
    assert_eq!(audit.page(next).await.unwrap().len(), 3);
    let whole = AuditChain::Whole {
        entries: 5,
        hash: newest[0].hash,
    };
    assert_eq!(audit.check().await.unwrap(), whole);
    let odd = AuditEntry {
        target: "a\0b".to_owned(),
        ..entry(6)
    };
    assert_eq!(audit.append(&odd).await.unwrap().entry.target, "a␀b");
    assert!(matches!(
        audit.check().await.unwrap(),
        AuditChain::Whole { entries: 6, .. }
    ));
}

async fn entries_written_at_once_still_form_one_chain(bench: Bench) {
    bench.open().await;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let audit = bench.open().await.audit();
                for number in 0..10 {
                    audit.append(&entry(writer * 10 + number)).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let chain = bench.open().await.audit().check().await.unwrap();
    assert!(matches!(chain, AuditChain::Whole { entries: 40, .. }), "{chain:?}");
}

async fn broken_by(bench: &Bench, statement: &'static str) -> AuditChain {
    let audit = bench.open().await.audit();
    for number in 1..=4 {
        audit.append(&entry(number)).await.unwrap();
    }
    bench.sql(statement).await.unwrap();
    audit.check().await.unwrap()
}

async fn a_changed_entry_breaks_the_chain_there(bench: Bench) {
    let changed = broken_by(&bench, "UPDATE audit SET who = 'mallory' WHERE entry_number = 2").await;
    assert_eq!(changed, AuditChain::Broken { number: 2 });
}

async fn a_removed_entry_breaks_the_chain_behind_it(bench: Bench) {
    let removed = broken_by(&bench, "DELETE FROM audit WHERE entry_number = 2").await;
    assert_eq!(removed, AuditChain::Broken { number: 3 });
}
