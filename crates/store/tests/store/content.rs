//! Content published by its hash, and who else keeps it.

use bytes::Bytes;
use maci_protocol::cid::ContentDigest;
use maci_protocol::time::Timestamp;
use maci_store::{Found, NewRoot, Pin, PinState, Store};

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;

on_both_engines! {
    what_was_published_is_there_after_reopening_and_nothing_else_is,
    a_target_is_asked_until_it_has_pinned_and_a_new_one_gets_everything,
    the_root_of_a_poll_is_known_once_it_is_recorded,
}

fn targets(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn publish(store: &Store, cid: &str, content: &'static [u8], names: &[&str], at: i64) -> bool {
    let names = targets(names);
    let root = NewRoot {
        cid,
        why: "a test",
        targets: &names,
    };
    let block = (ContentDigest::of(content), Bytes::from_static(content));
    store.blocks().publish(&root, &[block], Timestamp(at)).await.unwrap()
}

async fn what_was_published_is_there_after_reopening_and_nothing_else_is(bench: Bench) {
    let store = bench.open().await;
    assert!(publish(&store, "root-1", b"one", &[], 1).await);
    assert!(
        !publish(&store, "root-1", b"one", &[], 2).await,
        "it was published before"
    );
    store.close().await;

    let blocks = bench.open().await.blocks();
    assert_eq!(
        blocks.get(&ContentDigest::of(b"one")).await.unwrap(),
        Found::Whole(b"one".to_vec())
    );
    assert_eq!(blocks.get(&ContentDigest::of(b"two")).await.unwrap(), Found::Missing);
    assert_eq!(
        blocks.root("root-1").await.unwrap(),
        Some(("a test".to_owned(), Timestamp(1)))
    );
    assert_eq!(blocks.root("root-2").await.unwrap(), None);
    assert_eq!(blocks.roots(10).await.unwrap().len(), 1);
}

async fn a_target_is_asked_until_it_has_pinned_and_a_new_one_gets_everything(bench: Bench) {
    let store = bench.open().await;
    publish(&store, "root-1", b"one", &["home"], 10).await;
    publish(&store, "root-2", b"two", &["home"], 20).await;
    let pins = store.pins();
    assert_eq!(pins.next_due("home").await.unwrap(), Some(Timestamp(10)));
    assert_eq!(pins.due("home", Timestamp(15), 10).await.unwrap().len(), 1);
    let due = pins.due("home", Timestamp(20), 10).await.unwrap();
    assert_eq!(due.len(), 2);

    let failed = Pin {
        attempts: 1,
        problem: Some("it was away\0".to_owned()),
        due: Timestamp(100),
        ..due[0].clone()
    };
    let asked = Pin {
        state: PinState::Requested,
        request: Some("its name for it".to_owned()),
        due: Timestamp(50),
        ..due[1].clone()
    };
    pins.update(&failed).await.unwrap();
    pins.update(&asked).await.unwrap();
    assert_eq!(
        pins.due("home", Timestamp(60), 10).await.unwrap(),
        std::slice::from_ref(&asked)
    );
    let pinned = Pin {
        state: PinState::Pinned,
        ..asked
    };
    pins.update(&pinned).await.unwrap();
    assert_eq!(pins.of("root-2").await.unwrap(), [pinned]);
    let told = pins.of("root-1").await.unwrap();
    assert_eq!(
        (told[0].attempts, told[0].problem.as_deref()),
        (1, Some("it was away "))
    );
    assert_eq!(pins.next_due("home").await.unwrap(), Some(Timestamp(100)));

    assert_eq!(pins.extend("away", Timestamp(30)).await.unwrap(), 2);
    assert_eq!(pins.extend("away", Timestamp(40)).await.unwrap(), 0);
    assert_eq!(pins.due("away", Timestamp(30), 10).await.unwrap().len(), 2);
    assert_eq!(pins.counts().await.unwrap().iter().map(|one| one.count).sum::<u64>(), 4);
}

async fn the_root_of_a_poll_is_known_once_it_is_recorded(bench: Bench) {
    let store = bench.open().await;
    let publications = store.publications();
    assert!(
        publications.record(&poll(0), "root-1", Timestamp(1)).await.is_err(),
        "a root that is not published has nothing behind it"
    );
    publish(&store, "root-1", b"one", &[], 1).await;
    publish(&store, "root-2", b"two", &[], 1).await;
    assert!(publications.record(&poll(0), "root-1", Timestamp(2)).await.unwrap());
    assert!(!publications.record(&poll(0), "root-1", Timestamp(3)).await.unwrap());
    let known = publications.get(&poll(0)).await.unwrap().unwrap();
    assert_eq!((known.root.as_str(), known.published), ("root-1", Timestamp(2)));
    assert!(publications.record(&poll(0), "root-2", Timestamp(4)).await.unwrap());
    assert_eq!(publications.get(&poll(0)).await.unwrap().unwrap().root, "root-2");
    assert_eq!(publications.get(&poll(1)).await.unwrap(), None);
}
