//! Which polls are looked after.

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;
use maci_protocol::Mode;
use maci_protocol::ids::BlockNumber;
use maci_protocol::time::Timestamp;
use maci_store::{PollSource, Watched};

on_both_engines! {
    a_poll_is_looked_after_until_it_is_let_go_also_after_reopening,
    a_poll_that_is_looked_after_is_changed_only_on_purpose,
}

fn watched(number: u64) -> Watched {
    Watched {
        poll: poll(number),
        mode: Mode::NonQv,
        deployment_block: Some(BlockNumber(12)),
        sender: Some("gas".to_owned()),
        since: Timestamp(1_000 - number as i64),
        source: PollSource::Deployed,
        paused: false,
    }
}

async fn a_poll_is_looked_after_until_it_is_let_go_also_after_reopening(bench: Bench) {
    let store = bench.open().await;
    let bare = Watched {
        deployment_block: None,
        sender: None,
        paused: true,
        ..watched(1)
    };
    assert!(store.polls().watch(&watched(0)).await.unwrap());
    assert!(store.polls().watch(&bare).await.unwrap());
    store.close().await;

    let polls = bench.open().await.polls();
    assert_eq!(polls.all().await.unwrap(), [bare.clone(), watched(0)]);
    assert_eq!(polls.get(&poll(1)).await.unwrap(), Some(bare));
    assert!(polls.unwatch(&poll(0)).await.unwrap());
    assert!(!polls.unwatch(&poll(0)).await.unwrap());
    assert_eq!(polls.get(&poll(0)).await.unwrap(), None);
}

async fn a_poll_that_is_looked_after_is_changed_only_on_purpose(bench: Bench) {
    let polls = bench.open().await.polls();
    let changed = Watched {
        mode: Mode::Full,
        source: PollSource::Settings,
        paused: true,
        sender: None,
        ..watched(0)
    };
    assert!(!polls.update(&changed).await.unwrap());
    polls.watch(&watched(0)).await.unwrap();
    assert!(!polls.watch(&changed).await.unwrap());
    assert_eq!(polls.get(&poll(0)).await.unwrap(), Some(watched(0)));
    assert!(polls.update(&changed).await.unwrap());
    assert_eq!(polls.get(&poll(0)).await.unwrap(), Some(changed));
}
