//! Operations of smart accounts are remembered, and of each nonce and purpose one is live.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{
    Executed, NewOperation, OperationBegun, OperationFilter, OperationKey, OperationState, Page, Paid, StoreError,
};

on_both_engines! {
    an_operation_and_its_attempts_survive_reopening,
    a_live_operation_keeps_its_nonce_and_each_of_its_purposes,
    a_settled_operation_gives_purposes_and_nonce_back_and_is_not_forgotten,
    operations_are_listed_the_newest_first_with_what_they_have_cost,
}

const CHAIN: ChainId = ChainId(10);
const ACCOUNT: EthAddress = EthAddress([0xab; 20]);
const NOW: Timestamp = Timestamp(1_800_000_000_000);

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
    assert_eq!(
        store.operations().begin(&first, NOW).await.unwrap(),
        OperationBegun::Stored
    );
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
        operations.begin(&new(1, 1, &["a", "b"]), NOW).await.unwrap(),
        OperationBegun::Stored
    );
    assert_eq!(
        operations.begin(&new(2, 2, &["c", "b"]), NOW).await.unwrap(),
        OperationBegun::PurposeTaken("b".to_owned())
    );
    assert_eq!(
        operations.begin(&new(2, 1, &["c"]), NOW).await.unwrap(),
        OperationBegun::NonceTaken
    );
    assert_eq!(
        operations.begin(&new(2, 2, &["c"]), NOW).await.unwrap(),
        OperationBegun::Stored
    );
}

async fn a_settled_operation_gives_purposes_and_nonce_back_and_is_not_forgotten(bench: Bench) {
    let store = bench.open().await;
    let operations = store.operations();
    let first = new(1, 1, &["a"]);
    operations.begin(&first, NOW).await.unwrap();
    let reverted = OperationState::Reverted(TxHash([3; 32]));
    operations.settle(CHAIN, &first.key, reverted, None, NOW).await.unwrap();
    assert_eq!(operations.newest(CHAIN, "a").await.unwrap().unwrap().state, reverted);
    let refused = operations.add_attempt(CHAIN, &first.key, "{}").await.unwrap_err();
    assert!(matches!(refused, StoreError::OperationClosed { .. }), "{refused}");

    let second = new(2, 1, &["a"]);
    assert_eq!(operations.begin(&second, NOW).await.unwrap(), OperationBegun::Stored);
    assert_eq!(operations.newest(CHAIN, "a").await.unwrap().unwrap().key, second.key);
    // its nonce has another one now: it cannot be live again
    let refused = operations
        .settle(CHAIN, &first.key, OperationState::Live, None, NOW)
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::OperationClosed { .. }), "{refused}");
}

async fn operations_are_listed_the_newest_first_with_what_they_have_cost(bench: Bench) {
    let store = bench.open().await;
    let operations = store.operations();
    for number in 1..=3 {
        let purpose = format!("call {number}");
        operations.begin(&new(number, number, &[&purpose]), NOW).await.unwrap();
    }
    let second = new(2, 2, &[]).key;
    let executed = Executed {
        operation: second.0.clone(),
        paid: Paid {
            block: BlockNumber(9),
            gas_used: 21,
            wei: 400,
        },
    };
    let landed = OperationState::Landed(TxHash([4; 32]));
    operations
        .settle(CHAIN, &second, landed, Some(&executed), Timestamp(NOW.0 + 5))
        .await
        .unwrap();

    let page = |after, limit| Page { after, limit };
    let all = operations
        .list(&OperationFilter::default(), page(None, 2))
        .await
        .unwrap();
    let purposes: Vec<_> = all.iter().map(|one| one.operation.purposes[0].as_str()).collect();
    assert_eq!(purposes, ["call 3", "call 2"]);
    assert_eq!(all[1].executed, Some(executed));
    assert_eq!(all[1].settled_at, Some(Timestamp(NOW.0 + 5)));
    let rest = operations
        .list(&OperationFilter::default(), page(Some(all[1].id), 2))
        .await
        .unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(operations.get(rest[0].id).await.unwrap().as_ref(), Some(&rest[0]));
    let filter = OperationFilter {
        account: Some(ACCOUNT),
        state: Some("landed"),
        ..OperationFilter::default()
    };
    assert_eq!(operations.list(&filter, page(None, 9)).await.unwrap().len(), 1);

    assert_eq!(operations.accounts().await.unwrap(), [(CHAIN, ACCOUNT)]);
    assert_eq!(operations.spent(CHAIN, ACCOUNT, NOW).await.unwrap(), 400);
    assert_eq!(operations.spent(CHAIN, ACCOUNT, Timestamp(NOW.0 + 6)).await.unwrap(), 0);
    // taken back with its block: it costs nothing until it is executed again
    operations
        .settle(CHAIN, &second, OperationState::Live, None, NOW)
        .await
        .unwrap();
    assert_eq!(operations.spent(CHAIN, ACCOUNT, NOW).await.unwrap(), 0);
}
