//! Everything published comes to everybody who is to keep it, however often that takes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use maci_coordinator_core::ipfs::{Block, Cid, Dag, PinState, Published};
use maci_protocol::cid::ContentDigest;

use crate::others::{Gateway, Kubo, Own, Service, settings};

/// Lets the clock run until something is so about what was published.
async fn until(own: &Own, cid: &Cid, what: &str, is_so: impl Fn(&Published) -> bool) -> Published {
    let begun = Instant::now();
    loop {
        let state = own.ipfs.state(cid).await.unwrap().unwrap();
        if is_so(&state) {
            return state;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "waited in vain until {what}: {state:?}"
        );
        own.clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn all_pinned(state: &Published) -> bool {
    !state.pins.is_empty() && state.pins.iter().all(|pin| pin.state == PinState::Pinned)
}

fn dag() -> Dag {
    let files = BTreeMap::from([
        ("a/1.json".to_owned(), Bytes::from_static(b"[1]")),
        ("large.bin".to_owned(), Bytes::from(vec![3; 3 << 20])),
    ]);
    Dag::directory(&files).unwrap()
}

#[tokio::test]
async fn a_directory_is_pinned_whole_by_a_node_that_fails_at_first_and_by_a_service_that_fetches_it() {
    let dag = dag();
    let gateway = Gateway::Of(Arc::new(dag.clone())).start().await;
    let (kubo, service) = (Kubo::failing(3), Service::fetching_from(&gateway));
    let targets = vec![kubo.target("home").await, service.target("away").await];
    let own = Own::with(settings(&[], targets)).await;
    let root = own.ipfs.publish_dag(&dag, "a test").await.unwrap();
    let before = own.ipfs.state(&root).await.unwrap().unwrap();
    assert!(before.pins.iter().all(|pin| pin.state == PinState::Waiting));

    let pinning = tokio::spawn(own.ipfs.clone().keep_pinning(Default::default()));
    let failing = |state: &Published| state.pins.iter().any(|pin| pin.problem.is_some());
    let state = until(&own, &root, "the node has failed", failing).await;
    let told = state.pins.iter().find_map(|pin| pin.problem.clone()).unwrap();
    assert!(told.contains("500") && told.contains("busy"), "{told}");
    until(&own, &root, "both keep it", all_pinned).await;
    assert!(kubo.has_pinned(&root));
    assert_eq!(service.requests(), 1, "a request is followed, not made again");
    pinning.abort();
}

#[tokio::test]
async fn a_target_that_is_new_gets_what_was_published_before_and_a_restart_asks_nobody_twice() {
    let block = Block::json(&b"[]"[..]);
    let gateway = Gateway::Of(Arc::new(Dag::of_block(&block))).start().await;
    let service = Service::fetching_from(&gateway);
    let own = Own::with(settings(&[], vec![service.target("away").await])).await;
    own.ipfs.publish(&block, "a test").await.unwrap();
    let pinning = tokio::spawn(own.ipfs.clone().keep_pinning(Default::default()));
    let asked = |state: &Published| state.pins[0].state != PinState::Waiting;
    until(&own, &block.cid(), "the service was asked", asked).await;
    pinning.abort();

    let kubo = Kubo::default();
    let targets = vec![service.target("away").await, kubo.target("home").await];
    let settings = settings(&[], targets);
    let again = maci_coordinator_core::ipfs::Ipfs::new(own.store.clone(), Arc::new(own.clock.clone()), &settings);
    let pinning = tokio::spawn(again.keep_pinning(Default::default()));
    let both = |state: &Published| state.pins.len() == 2 && all_pinned(state);
    until(&own, &block.cid(), "both keep it", both).await;
    assert!(kubo.has_pinned(&block.cid()));
    assert_eq!(service.requests(), 1);
    pinning.abort();
}

#[tokio::test]
async fn a_service_that_cannot_fetch_is_asked_again_and_says_why() {
    let nothing = Gateway::Of(Arc::new(Dag::of_block(&Block::json(&b"[0]"[..]))))
        .start()
        .await;
    let service = Service::fetching_from(&nothing);
    let own = Own::with(settings(&[], vec![service.target("away").await])).await;
    let cid = own.ipfs.publish(&Block::json(&b"[]"[..]), "a test").await.unwrap();
    let pinning = tokio::spawn(own.ipfs.clone().keep_pinning(Default::default()));
    let gave_up = |state: &Published| state.pins[0].problem.is_some();
    let state = until(&own, &cid, "the service gave up", gave_up).await;
    let told = state.pins[0].problem.clone().unwrap();
    assert!(told.contains("its origins do not have it"), "{told}");
    let again = |state: &Published| state.pins[0].state == PinState::Requested;
    until(&own, &cid, "it is asked again", again).await;
    assert_eq!(service.requests(), 2);
    pinning.abort();
}

#[tokio::test]
async fn a_batch_is_kept_as_a_backup_file_that_other_tools_find_by_its_hash() {
    let own = Own::with(settings(&[], Vec::new())).await;
    let block = Block::json(&b"[{}]"[..]);
    for _ in 0..2 {
        assert_eq!(own.ipfs.publish(&block, "a test").await.unwrap(), block.cid());
    }
    let name = format!("{}.json", ContentDigest::of(block.bytes()).to_bytes32_hex());
    let kept = std::fs::read(own.store.batch_backups().path().join(name)).unwrap();
    assert_eq!(&kept, block.bytes());
}
