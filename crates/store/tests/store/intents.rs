//! Signed transactions are remembered, and of each nonce and purpose one is live.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::BlockNumber;
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{Begun, Intent, IntentFilter, IntentKey, IntentState, Page, Paid, Paused, SignedBytes, StoreError};

on_both_engines! {
    an_intent_and_its_attempts_survive_reopening,
    a_live_intent_keeps_its_nonce_and_its_purpose,
    a_settled_intent_gives_its_purpose_and_nonce_back_and_is_not_forgotten,
    a_mined_intent_whose_block_is_gone_is_live_again_unless_its_place_is_taken,
    an_unknown_intent_takes_no_attempt_and_no_state,
    of_many_that_want_the_same_nonce_one_gets_it,
    intents_are_listed_the_newest_first_with_what_they_have_cost,
    what_a_sender_spent_is_added_up_for_its_chain_and_day,
    of_each_nonce_from_one_on_the_newest_intent_is_told,
    a_paused_sender_stays_paused_until_it_is_let_go_on,
}

const CHAIN: ChainId = ChainId(u64::MAX);
const NOW: Timestamp = Timestamp(1_700_000_000_000);
const SENDER: EthAddress = EthAddress([0xab; 20]);

fn key(purpose: &str, nonce: u64) -> IntentKey {
    IntentKey {
        chain: CHAIN,
        purpose: purpose.to_owned(),
        sender: SENDER,
        nonce,
    }
}

fn signed(number: u8) -> SignedBytes {
    SignedBytes {
        hash: TxHash([number; 32]),
        raw: vec![number; 100],
        cancels: number == 9,
    }
}

async fn an_intent_and_its_attempts_survive_reopening(bench: Bench) {
    let store = bench.open().await;
    let key = key("process batch 3", 7);
    assert_eq!(
        store.intents().begin(&key, &signed(1), NOW).await.unwrap(),
        Begun::Stored
    );
    store.intents().add_attempt(&key, &signed(2)).await.unwrap();
    store.intents().add_attempt(&key, &signed(2)).await.unwrap();
    store.close().await;

    let store = bench.open().await;
    let expected = Intent {
        key,
        state: IntentState::Live,
        attempts: vec![signed(1), signed(2)],
    };
    assert_eq!(
        store.intents().newest(CHAIN, "process batch 3").await.unwrap(),
        Some(expected.clone())
    );
    assert_eq!(store.intents().live(CHAIN, SENDER).await.unwrap(), [expected]);
    assert_eq!(
        store.intents().newest(ChainId(1), "process batch 3").await.unwrap(),
        None
    );
}

async fn a_live_intent_keeps_its_nonce_and_its_purpose(bench: Bench) {
    let store = bench.open().await;
    let intents = store.intents();
    assert_eq!(
        intents.begin(&key("merge", 0), &signed(1), NOW).await.unwrap(),
        Begun::Stored
    );
    assert_eq!(
        intents.begin(&key("merge", 1), &signed(2), NOW).await.unwrap(),
        Begun::PurposeTaken
    );
    assert_eq!(
        intents.begin(&key("tally", 0), &signed(3), NOW).await.unwrap(),
        Begun::NonceTaken
    );
    let of_another = IntentKey {
        sender: EthAddress([1; 20]),
        ..key("tally", 0)
    };
    assert_eq!(
        intents.begin(&of_another, &signed(4), NOW).await.unwrap(),
        Begun::Stored
    );
    assert_eq!(
        intents.begin(&key("publish", 1), &signed(5), NOW).await.unwrap(),
        Begun::Stored
    );
    let nonces: Vec<_> = intents
        .live(CHAIN, SENDER)
        .await
        .unwrap()
        .iter()
        .map(|one| one.key.nonce)
        .collect();
    assert_eq!(nonces, [0, 1]);
}

async fn a_settled_intent_gives_its_purpose_and_nonce_back_and_is_not_forgotten(bench: Bench) {
    let store = bench.open().await;
    let intents = store.intents();
    for state in [
        IntentState::Superseded,
        IntentState::Reverted(TxHash([1; 32])),
        IntentState::Mined(TxHash([1; 32])),
        IntentState::Cancelled(TxHash([1; 32])),
    ] {
        assert_eq!(
            intents.begin(&key("merge", 0), &signed(1), NOW).await.unwrap(),
            Begun::Stored
        );
        intents.settle(&key("merge", 0), state, None, NOW).await.unwrap();
        intents.settle(&key("merge", 0), state, None, NOW).await.unwrap();
        let newest = intents.newest(CHAIN, "merge").await.unwrap().unwrap();
        assert_eq!((newest.state, newest.attempts), (state, vec![signed(1)]));
        let late = intents.add_attempt(&key("merge", 0), &signed(2)).await;
        assert!(matches!(late, Err(StoreError::IntentClosed { .. })));
    }
    assert!(intents.live(CHAIN, SENDER).await.unwrap().is_empty());
}

async fn a_mined_intent_whose_block_is_gone_is_live_again_unless_its_place_is_taken(bench: Bench) {
    let store = bench.open().await;
    let intents = store.intents();
    intents.begin(&key("merge", 0), &signed(1), NOW).await.unwrap();
    intents
        .settle(&key("merge", 0), IntentState::Mined(TxHash([1; 32])), None, NOW)
        .await
        .unwrap();
    intents
        .settle(&key("merge", 0), IntentState::Live, None, NOW)
        .await
        .unwrap();
    assert_eq!(intents.live(CHAIN, SENDER).await.unwrap().len(), 1);

    intents
        .settle(&key("merge", 0), IntentState::Mined(TxHash([1; 32])), None, NOW)
        .await
        .unwrap();
    intents.begin(&key("tally", 0), &signed(2), NOW).await.unwrap();
    let refused = intents.settle(&key("merge", 0), IntentState::Live, None, NOW).await;
    assert!(matches!(refused, Err(StoreError::IntentClosed { .. })), "{refused:?}");
}

async fn an_unknown_intent_takes_no_attempt_and_no_state(bench: Bench) {
    let store = bench.open().await;
    let added = store.intents().add_attempt(&key("merge", 0), &signed(1)).await;
    assert!(matches!(added, Err(StoreError::UnknownIntent { nonce: 0, .. })));
    let settled = store
        .intents()
        .settle(&key("merge", 0), IntentState::Superseded, None, NOW)
        .await;
    assert!(matches!(settled, Err(StoreError::UnknownIntent { .. })));
}

async fn of_many_that_want_the_same_nonce_one_gets_it(bench: Bench) {
    let _store = bench.open().await;
    let wishes = (0..8u8).map(|number| {
        let bench = bench.clone();
        tokio::spawn(async move {
            let intents = bench.open().await.intents();
            intents
                .begin(&key(&format!("batch {number}"), 5), &signed(number), NOW)
                .await
                .unwrap()
        })
    });
    let mut answers = Vec::new();
    for wish in wishes.collect::<Vec<_>>() {
        answers.push(wish.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|begun| **begun == Begun::Stored).count(), 1);
    assert_eq!(answers.iter().filter(|begun| **begun == Begun::NonceTaken).count(), 7);
}

fn paid(wei: u128) -> Option<Paid> {
    Some(Paid {
        block: BlockNumber(3),
        gas_used: 21_000,
        wei,
    })
}

async fn intents_are_listed_the_newest_first_with_what_they_have_cost(bench: Bench) {
    let intents = bench.open().await.intents();
    for number in 0..3u8 {
        let key = key(&format!("batch {number}"), number.into());
        intents.begin(&key, &signed(number), NOW).await.unwrap();
    }
    let mined = IntentState::Mined(TxHash([1; 32]));
    intents.settle(&key("batch 1", 1), mined, paid(7), NOW).await.unwrap();
    let all = intents.list(&IntentFilter::default(), Page::first(10)).await.unwrap();
    let nonces: Vec<u64> = all.iter().map(|row| row.intent.key.nonce).collect();
    assert_eq!(nonces, [2, 1, 0]);
    assert_eq!(
        (all[1].paid, all[1].settled_at, all[0].paid),
        (paid(7), Some(NOW), None)
    );
    let next = Page {
        after: Some(all[0].id),
        limit: 1,
    };
    let filter = IntentFilter {
        chain: Some(CHAIN),
        sender: Some(SENDER),
        state: Some("live"),
    };
    assert_eq!(intents.list(&filter, next).await.unwrap(), [all[2].clone()]);
    assert_eq!(intents.get(all[1].id).await.unwrap(), Some(all[1].clone()));
    assert_eq!(intents.senders().await.unwrap(), [(CHAIN, SENDER)]);
}

async fn what_a_sender_spent_is_added_up_for_its_chain_and_day(bench: Bench) {
    let intents = bench.open().await.intents();
    let mined = IntentState::Mined(TxHash([1; 32]));
    for (nonce, at) in [(0u8, 10), (1, 20), (2, 30)] {
        let key = key(&format!("batch {nonce}"), nonce.into());
        intents.begin(&key, &signed(nonce), Timestamp(at)).await.unwrap();
        intents
            .settle(&key, mined, paid(u128::MAX / 4), Timestamp(at))
            .await
            .unwrap();
    }
    let spent = |since| intents.spent(CHAIN, SENDER, Timestamp(since));
    assert_eq!(spent(20).await.unwrap(), u128::MAX / 4 * 2);
    assert_eq!(spent(31).await.unwrap(), 0);
    assert_eq!(intents.spent(ChainId(1), SENDER, Timestamp(0)).await.unwrap(), 0);
}

async fn of_each_nonce_from_one_on_the_newest_intent_is_told(bench: Bench) {
    let intents = bench.open().await.intents();
    intents.begin(&key("merge", 4), &signed(1), NOW).await.unwrap();
    intents
        .settle(&key("merge", 4), IntentState::Superseded, None, NOW)
        .await
        .unwrap();
    intents.begin(&key("tally", 4), &signed(2), NOW).await.unwrap();
    intents.begin(&key("publish", 6), &signed(3), NOW).await.unwrap();
    let told = |since: Vec<Intent>| -> Vec<String> { since.into_iter().map(|one| one.key.purpose).collect() };
    assert_eq!(
        told(intents.since(CHAIN, SENDER, 4).await.unwrap()),
        ["tally", "publish"]
    );
    assert_eq!(told(intents.since(CHAIN, SENDER, 5).await.unwrap()), ["publish"]);
}

async fn a_paused_sender_stays_paused_until_it_is_let_go_on(bench: Bench) {
    let store = bench.open().await;
    let paused = Paused {
        sender: "gas".to_owned(),
        since: NOW,
        by: "alice".to_owned(),
    };
    assert!(store.pauses().pause(&paused).await.unwrap());
    assert!(!store.pauses().pause(&paused).await.unwrap());
    store.close().await;
    let store = bench.open().await;
    assert_eq!(store.pauses().all().await.unwrap(), [paused]);
    assert!(store.pauses().resume("gas").await.unwrap());
    assert!(!store.pauses().resume("gas").await.unwrap());
}
