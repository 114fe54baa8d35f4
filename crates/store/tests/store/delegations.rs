//! Session keys are known by their addresses, with one approval for each chain.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use maci_store::{ApprovalRow, SessionKeyRow};

on_both_engines! {
    the_newest_approval_of_a_chain_takes_the_place_of_the_one_before,
    a_forgotten_key_takes_its_approvals_with_it,
    that_an_approval_was_taken_back_is_noted_once_and_forgotten_with_it,
}

fn key(number: u8) -> SessionKeyRow {
    SessionKeyRow {
        address: EthAddress([number; 20]),
        made: Timestamp(i64::from(number)),
        by: "an operator".to_owned(),
        expires: Timestamp(1_000),
    }
}

fn approval(session: u8, chain: u64, text: &str) -> ApprovalRow {
    ApprovalRow {
        session: EthAddress([session; 20]),
        chain: ChainId(chain),
        approval: text.to_owned(),
        kept: Timestamp(5),
        by: "an operator".to_owned(),
        revoked: None,
    }
}

async fn the_newest_approval_of_a_chain_takes_the_place_of_the_one_before(bench: Bench) {
    let store = bench.open().await;
    let delegations = store.delegations();
    delegations.add_key(&key(1)).await.unwrap();
    for (chain, text) in [(10, "first"), (10, "second"), (1, "elsewhere")] {
        delegations.keep(&approval(1, chain, text)).await.unwrap();
    }
    let found = delegations.approval(EthAddress([1; 20]), ChainId(10)).await.unwrap();
    assert_eq!(found, Some(approval(1, 10, "second")));
    assert_eq!(delegations.approvals(EthAddress([1; 20])).await.unwrap().len(), 2);
    // an approval for a key that is not known is not kept
    assert!(delegations.keep(&approval(2, 10, "nobody's")).await.is_err());
}

async fn a_forgotten_key_takes_its_approvals_with_it(bench: Bench) {
    let store = bench.open().await;
    let delegations = store.delegations();
    for number in [1, 2] {
        delegations.add_key(&key(number)).await.unwrap();
        delegations.keep(&approval(number, 10, "first")).await.unwrap();
    }
    assert!(delegations.forget_key(EthAddress([1; 20])).await.unwrap());
    assert!(!delegations.forget_key(EthAddress([1; 20])).await.unwrap());
    assert_eq!(delegations.key(EthAddress([1; 20])).await.unwrap(), None);
    assert_eq!(delegations.approvals(EthAddress([1; 20])).await.unwrap(), []);
    assert_eq!(delegations.keys().await.unwrap(), [key(2)]);
}

async fn that_an_approval_was_taken_back_is_noted_once_and_forgotten_with_it(bench: Bench) {
    let store = bench.open().await;
    let delegations = store.delegations();
    delegations.add_key(&key(1)).await.unwrap();
    let (first, second) = (approval(1, 10, "first"), approval(1, 10, "second"));
    delegations.keep(&first).await.unwrap();
    let note = |of: ApprovalRow, how| {
        let delegations = store.delegations();
        async move { delegations.note_revoked(&of, how, Timestamp(9)).await.unwrap() }
    };
    assert!(!note(first.clone(), None).await);
    assert!(note(first.clone(), Some("it was uninstalled")).await);
    assert!(!note(first.clone(), Some("it was uninstalled")).await);
    let kept = delegations
        .approval(EthAddress([1; 20]), ChainId(10))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.revoked, Some((Timestamp(9), "it was uninstalled".to_owned())));
    // a reorganisation took that back
    assert!(note(first.clone(), None).await);
    assert!(note(first.clone(), Some("it was uninstalled")).await);

    delegations.keep(&second).await.unwrap();
    assert!(!note(first, Some("too late")).await);
    let kept = delegations.approval(EthAddress([1; 20]), ChainId(10)).await.unwrap();
    assert_eq!(kept, Some(second));
}
