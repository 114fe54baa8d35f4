//! Operations of smart accounts are remembered, and of each nonce and purpose one is live.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_store::{NewOperation, OperationBegun, OperationKey, OperationState, StoreError};

on_both_engines! {
    an_operation_and_its_attempts_survive_reopening,
    a_live_operation_keeps_its_nonce_and_each_of_its_purposes,
    a_settled_operation_gives_purposes_and_nonce_back_and_is_not_forgotten,
}

const CHAIN: ChainId = ChainId(10);
const ACCOUNT: EthAddress = EthAddress([0xab; 20]);

fn new(number: u8, nonce: u8, purposes: &[&str]) -> NewOperation {
    NewOperation {
        key: OperationKey(format!("0x{:064x}", number)),
        chain: CHAIN,
        account: ACCOUNT,
        nonce: format!("0x{:064x}", nonce),
        purposes: purposes.iter().map(|purpose| (*purpose).to_owned()).collect(),
        since: BlockNumber(7),
        document: format!("{{\"number\":{number}}}"),
    }
}

async fn an_operation_and_its_attempts_survive_reopening(bench: Bench) {
    let store = bench.open().await;
    let first = new(1, 1, &["a", "b"]);
    assert_eq!(store.operations().begin(&first).await.unwrap(), OperationBegun::Stored);
    for document in ["{}", "{}"] {
        store
            .operations()
            .add_attempt(CHAIN, &first.key, document)
            .await
            .unwrap();
    }
    store.close().await;

    let store = bench.open().await;
    for purpose in ["a", "b"] {
        let found = store.operations().newest(CHAIN, purpose).await.unwrap().unwrap();
        assert_eq!(
            (&found.key, found.state, found.since),
            (&first.key, OperationState::Live, BlockNumber(7))
        );
        assert_eq!(found.purposes, ["a", "b"]);
        assert_eq!(found.documents, [first.document.as_str(), "{}"]);
        assert_eq!(store.operations().live(CHAIN, ACCOUNT).await.unwrap(), [found]);
    }
    assert_eq!(store.operations().newest(ChainId(1), "a").await.unwrap(), None);
}

async fn a_live_operation_keeps_its_nonce_and_each_of_its_purposes(bench: Bench) {
    let store = bench.open().await;
    let operations = store.operations();
    assert_eq!(
        operations.begin(&new(1, 1, &["a", "b"])).await.unwrap(),
        OperationBegun::Stored
    );
    assert_eq!(
        operations.begin(&new(2, 2, &["c", "b"])).await.unwrap(),
        OperationBegun::PurposeTaken("b".to_owned())
    );
    assert_eq!(
        operations.begin(&new(2, 1, &["c"])).await.unwrap(),
        OperationBegun::NonceTaken
    );
    assert_eq!(
        operations.begin(&new(2, 2, &["c"])).await.unwrap(),
        OperationBegun::Stored
    );
}

async fn a_settled_operation_gives_purposes_and_nonce_back_and_is_not_forgotten(bench: Bench) {
    let store = bench.open().await;
    let operations = store.operations();
    let first = new(1, 1, &["a"]);
    operations.begin(&first).await.unwrap();
    let reverted = OperationState::Reverted(TxHash([3; 32]));
    operations.settle(CHAIN, &first.key, reverted).await.unwrap();
    assert_eq!(operations.newest(CHAIN, "a").await.unwrap().unwrap().state, reverted);
    let refused = operations.add_attempt(CHAIN, &first.key, "{}").await.unwrap_err();
    assert!(matches!(refused, StoreError::OperationClosed { .. }), "{refused}");

    let second = new(2, 1, &["a"]);
    assert_eq!(operations.begin(&second).await.unwrap(), OperationBegun::Stored);
    assert_eq!(operations.newest(CHAIN, "a").await.unwrap().unwrap().key, second.key);
    // its nonce has another one now: it cannot be live again
    let refused = operations
        .settle(CHAIN, &first.key, OperationState::Live)
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::OperationClosed { .. }), "{refused}");
}
