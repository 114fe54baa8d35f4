//! Signed transactions are remembered, and of each nonce and purpose one is live.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_store::{Begun, Intent, IntentKey, IntentState, SignedBytes, StoreError};

on_both_engines! {
    an_intent_and_its_attempts_survive_reopening,
    a_live_intent_keeps_its_nonce_and_its_purpose,
    a_settled_intent_gives_its_purpose_and_nonce_back_and_is_not_forgotten,
    a_mined_intent_whose_block_is_gone_is_live_again_unless_its_place_is_taken,
    an_unknown_intent_takes_no_attempt_and_no_state,
    of_many_that_want_the_same_nonce_one_gets_it,
}

const CHAIN: ChainId = ChainId(u64::MAX);
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
    }
}

async fn an_intent_and_its_attempts_survive_reopening(bench: Bench) {
    let store = bench.open().await;
    let key = key("process batch 3", 7);
    assert_eq!(store.intents().begin(&key, &signed(1)).await.unwrap(), Begun::Stored);
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
        intents.begin(&key("merge", 0), &signed(1)).await.unwrap(),
        Begun::Stored
    );
    assert_eq!(
        intents.begin(&key("merge", 1), &signed(2)).await.unwrap(),
        Begun::PurposeTaken
    );
    assert_eq!(
        intents.begin(&key("tally", 0), &signed(3)).await.unwrap(),
        Begun::NonceTaken
    );
    let of_another = IntentKey {
        sender: EthAddress([1; 20]),
        ..key("tally", 0)
    };
    assert_eq!(intents.begin(&of_another, &signed(4)).await.unwrap(), Begun::Stored);
    assert_eq!(
        intents.begin(&key("publish", 1), &signed(5)).await.unwrap(),
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
    ] {
        assert_eq!(
            intents.begin(&key("merge", 0), &signed(1)).await.unwrap(),
            Begun::Stored
        );
        intents.settle(&key("merge", 0), state).await.unwrap();
        intents.settle(&key("merge", 0), state).await.unwrap();
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
    intents.begin(&key("merge", 0), &signed(1)).await.unwrap();
    intents
        .settle(&key("merge", 0), IntentState::Mined(TxHash([1; 32])))
        .await
        .unwrap();
    intents.settle(&key("merge", 0), IntentState::Live).await.unwrap();
    assert_eq!(intents.live(CHAIN, SENDER).await.unwrap().len(), 1);

    intents
        .settle(&key("merge", 0), IntentState::Mined(TxHash([1; 32])))
        .await
        .unwrap();
    intents.begin(&key("tally", 0), &signed(2)).await.unwrap();
    let refused = intents.settle(&key("merge", 0), IntentState::Live).await;
    assert!(matches!(refused, Err(StoreError::IntentClosed { .. })), "{refused:?}");
}

async fn an_unknown_intent_takes_no_attempt_and_no_state(bench: Bench) {
    let store = bench.open().await;
    let added = store.intents().add_attempt(&key("merge", 0), &signed(1)).await;
    assert!(matches!(added, Err(StoreError::UnknownIntent { nonce: 0, .. })));
    let settled = store.intents().settle(&key("merge", 0), IntentState::Superseded).await;
    assert!(matches!(settled, Err(StoreError::UnknownIntent { .. })));
}

async fn of_many_that_want_the_same_nonce_one_gets_it(bench: Bench) {
    let _store = bench.open().await;
    let wishes = (0..8u8).map(|number| {
        let bench = bench.clone();
        tokio::spawn(async move {
            let intents = bench.open().await.intents();
            intents
                .begin(&key(&format!("batch {number}"), 5), &signed(number))
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
