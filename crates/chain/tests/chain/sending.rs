use std::sync::Arc;
use std::time::Duration;

use alloy::sol_types::SolCall;
use maci_chain::contracts::errors::KnownErrors::{StateAlreadyMerged, VotingPeriodNotOver};
use maci_chain::contracts::poll::IPoll;
use maci_chain::send::{
    Call, FeeCap, Intent, IntentLog, IntentState, MemoryIntentLog, Purpose, SendError, SendSettings, Sender, recover,
};
use maci_protocol::ids::EthAddress;
use maci_testkit::RpcProxy;
use maci_testkit::proxy::{Fault, Rule};
use serde_json::json;

use crate::stage::{Stage, connect, settings, wallet};

fn gift(purpose: &str) -> Call {
    Call {
        purpose: Purpose::new(purpose),
        to: Some(EthAddress([0x42; 20])),
        data: Vec::new(),
    }
}

async fn nonce(stage: &Stage) -> u64 {
    let sender = stage.sender.address().to_string();
    stage
        .anvil
        .rpc()
        .quantity("eth_getTransactionCount", json!([sender, "latest"]))
        .await
        .unwrap()
}

/// Waits until the log has that many attempts for the purpose.
async fn attempts(stage: &Stage, purpose: &str, wanted: usize) {
    let purpose = Purpose::new(purpose);
    loop {
        let intent = stage.log.newest(stage.rpc.chain(), &purpose).await.unwrap();
        if intent.is_some_and(|intent| intent.attempts.len() >= wanted) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_purpose_is_one_transaction() {
    let stage = Stage::start().await;
    let first = stage.sender.send(gift("a gift")).await.unwrap();
    let again = stage.sender.send(gift("a gift")).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(nonce(&stage).await, 1);
    stage.sender.send(gift("another gift")).await.unwrap();
    assert_eq!(nonce(&stage).await, 2);
}

#[tokio::test]
async fn many_purposes_at_once_get_a_nonce_each() {
    let stage = Stage::start().await;
    let names: Vec<String> = (0..8).map(|n| format!("gift {n}")).collect();
    let sent = names.iter().map(|name| stage.sender.send(gift(name)));
    let landed = futures::future::join_all(sent).await;
    assert!(landed.iter().all(Result::is_ok), "{landed:?}");
    assert_eq!(nonce(&stage).await, 8);
}

#[tokio::test]
async fn a_transaction_that_is_not_mined_is_outbid() {
    let stage = Stage::start().await;
    stage.anvil.automine(false).await.unwrap();
    let mine = async {
        attempts(&stage, "a gift", 3).await;
        stage.anvil.mine(1).await.unwrap();
    };
    let (landed, ()) = tokio::join!(stage.sender.send(gift("a gift")), mine);
    let intent = stage
        .log
        .newest(stage.rpc.chain(), &Purpose::new("a gift"))
        .await
        .unwrap()
        .unwrap();
    // the newest offer may still have been on its way when the block was made
    let mined = landed.unwrap().transaction;
    assert!(intent.attempts.iter().skip(1).any(|attempt| attempt.hash == mined));
    assert_eq!(intent.state, IntentState::Mined(mined));
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn a_transaction_that_every_node_forgot_is_broadcast_again() {
    let stage = Stage::start().await;
    stage.anvil.automine(false).await.unwrap();
    let forget = async {
        attempts(&stage, "a gift", 1).await;
        stage.anvil.drop_pending().await.unwrap();
        stage.anvil.automine(true).await.unwrap();
    };
    let (landed, ()) = tokio::join!(stage.sender.send(gift("a gift")), forget);
    landed.unwrap();
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn a_call_the_contract_would_refuse_is_not_sent() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let poll = stage.deploy_poll(&maci).await.addresses.poll;
    let before = nonce(&stage).await;
    let refused = stage
        .call("merge", poll, IPoll::mergeStateCall {}.abi_encode())
        .await
        .unwrap_err();
    let SendError::WouldRevert { reason, .. } = &refused else {
        panic!("{refused}")
    };
    assert!(reason.is::<VotingPeriodNotOver>());
    assert!(refused.to_string().contains("VotingPeriodNotOver"), "{refused}");
    assert_eq!(nonce(&stage).await, before);
}

#[tokio::test]
async fn a_call_that_was_refused_when_mined_is_told_with_its_reason() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let poll = stage.deploy_poll(&maci).await.addresses.poll;
    stage.anvil.advance_by(2_000).await.unwrap();
    stage.anvil.automine(false).await.unwrap();
    let merge = || IPoll::mergeStateCall {}.abi_encode();
    let mine = async {
        attempts(&stage, "merge", 1).await;
        attempts(&stage, "merge again", 1).await;
        // both have to be in the pool before the block is made
        while stage
            .anvil
            .rpc()
            .quantity("eth_getBlockTransactionCountByNumber", json!(["pending"]))
            .await
            .unwrap()
            < 2
        {
            tokio::task::yield_now().await;
        }
        stage.anvil.automine(true).await.unwrap();
        stage.anvil.mine(2).await.unwrap();
    };
    let (first, second, ()) = tokio::join!(
        stage.call("merge", poll, merge()),
        stage.call("merge again", poll, merge()),
        mine
    );
    let refused = match (first, second) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        other => panic!("{other:?}"),
    };
    let SendError::Reverted { reason, .. } = &refused else {
        panic!("{refused}")
    };
    assert!(reason.is::<StateAlreadyMerged>(), "{refused}");
}

#[tokio::test]
async fn a_nonce_that_another_transaction_took_is_noticed() {
    let stage = Stage::start().await;
    stage.anvil.automine(false).await.unwrap();
    let own = SendSettings {
        outbid_after: Duration::from_secs(3_600),
        ..settings()
    };
    let ours = Sender::new(
        stage.rpc.clone(),
        wallet(0),
        stage.log.clone() as Arc<dyn IntentLog>,
        own,
    );
    let stranger_s_log = Arc::new(MemoryIntentLog::default());
    let stranger = Sender::new(
        stage.rpc.clone(),
        wallet(0),
        stranger_s_log.clone() as Arc<dyn IntentLog>,
        settings(),
    );
    let take_it = async {
        attempts(&stage, "ours", 1).await;
        // the same nonce: the stranger outbids what is in the pool, then its bid is mined
        let mine = async {
            let purpose = Purpose::new("the stranger's");
            loop {
                let intent = stranger_s_log.newest(stage.rpc.chain(), &purpose).await.unwrap();
                if intent.is_some_and(|intent| intent.attempts.len() >= 3) {
                    break stage.anvil.mine(1).await.unwrap();
                }
                tokio::task::yield_now().await;
            }
        };
        let (landed, ()) = tokio::join!(stranger.send(gift("the stranger's")), mine);
        landed.unwrap();
    };
    let (sent, ()) = tokio::join!(ours.send(gift("ours")), take_it);
    let refused = sent.unwrap_err();
    assert!(matches!(refused, SendError::Superseded { nonce: 0, .. }), "{refused}");
    stage.anvil.automine(true).await.unwrap();
    ours.send(gift("ours")).await.unwrap();
    assert_eq!(nonce(&stage).await, 2);
}

#[tokio::test]
async fn what_was_stored_but_never_broadcast_is_sent_after_a_restart() {
    let stage = Stage::start().await;
    let proxy = RpcProxy::before(stage.anvil.url()).await.unwrap();
    proxy.inject(Rule::always(Fault::Disconnect).on(&["eth_sendRawTransaction"]));
    let impatient = SendSettings {
        give_up_after: Duration::ZERO,
        ..settings()
    };
    let cut_off = Sender::new(
        connect(&[proxy.url()]).await,
        wallet(0),
        stage.log.clone() as Arc<dyn IntentLog>,
        impatient,
    );
    let refused = cut_off.send(gift("a gift")).await.unwrap_err();
    assert!(matches!(refused, SendError::Pending { .. }), "{refused}");
    assert_eq!(nonce(&stage).await, 0);

    // another purpose needs the next nonce, so what lies below it is broadcast with it
    stage.sender.send(gift("another gift")).await.unwrap();
    stage.sender.send(gift("a gift")).await.unwrap();
    assert_eq!(nonce(&stage).await, 2);
}

#[tokio::test]
async fn an_answer_that_was_lost_does_not_send_twice() {
    let stage = Stage::start().await;
    let proxy = RpcProxy::before(stage.anvil.url()).await.unwrap();
    proxy.inject(Rule::times(1, Fault::LoseAnswer).on(&["eth_sendRawTransaction"]));
    let log = Arc::new(MemoryIntentLog::default());
    let sender = Sender::new(connect(&[proxy.url()]).await, wallet(0), log, settings());
    sender.send(gift("a gift")).await.unwrap();
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn a_transaction_lost_in_a_reorganisation_is_sent_again_as_it_was() {
    let stage = Stage::start().await;
    let before = stage.anvil.snapshot().await.unwrap();
    let landed = stage.sender.send(gift("a gift")).await.unwrap();
    stage.anvil.revert(before).await.unwrap();
    assert_eq!(nonce(&stage).await, 0);
    let again = stage.sender.send(gift("a gift")).await.unwrap();
    assert_eq!(again.transaction, landed.transaction);
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn a_sender_without_money_is_told_how_much_it_needs() {
    let stage = Stage::start().await;
    let poor = stage.sender.address().to_string();
    stage
        .anvil
        .rpc()
        .call("anvil_setBalance", json!([poor, "0x64"]))
        .await
        .unwrap();
    let refused = stage.sender.send(gift("a gift")).await.unwrap_err();
    assert!(
        matches!(&refused, SendError::Poor { balance, .. } if balance == "100"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_price_above_the_cap_is_not_paid() {
    let stage = Stage::start().await;
    let thrifty = SendSettings {
        fee_cap: FeeCap(1),
        ..settings()
    };
    let sender = Sender::new(
        stage.rpc.clone(),
        wallet(0),
        stage.log.clone() as Arc<dyn IntentLog>,
        thrifty,
    );
    let refused = sender.send(gift("a gift")).await.unwrap_err();
    assert!(matches!(refused, SendError::TooExpensive { cap: 1, .. }), "{refused}");
    assert_eq!(nonce(&stage).await, 0);
}

/// The newest intent for a purpose, once it has been signed.
async fn signed(stage: &Stage, purpose: &str) -> Intent {
    attempts(stage, purpose, 1).await;
    let purpose = Purpose::new(purpose);
    stage.log.newest(stage.rpc.chain(), &purpose).await.unwrap().unwrap()
}

/// A stage whose sender offers nothing more by itself, and where nothing is mined by itself.
async fn patient_stage() -> Stage {
    let mut stage = Stage::start().await;
    stage.anvil.automine(false).await.unwrap();
    let patient = SendSettings {
        outbid_after: Duration::from_secs(3_600),
        ..settings()
    };
    let log = stage.log.clone() as Arc<dyn IntentLog>;
    stage.sender = Sender::new(stage.rpc.clone(), wallet(0), log, patient);
    stage
}

/// Waits until the node has so many transactions of the sender, mined or not.
async fn pooled(stage: &Stage, count: u64) {
    let sender = stage.sender.address().to_string();
    let node = stage.anvil.rpc();
    while node
        .quantity("eth_getTransactionCount", json!([sender, "pending"]))
        .await
        .unwrap()
        < count
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_transaction_that_was_called_off_is_never_mined_and_its_caller_is_told() {
    let stage = patient_stage().await;
    let call_off = async {
        let intent = signed(&stage, "a gift").await;
        pooled(&stage, 1).await;
        let hash = stage.sender.cancel(&intent).await.unwrap();
        stage.anvil.mine(1).await.unwrap();
        hash
    };
    let (sent, hash) = tokio::join!(stage.sender.send(gift("a gift")), call_off);
    let refused = sent.unwrap_err();
    assert!(
        matches!(refused, SendError::Cancelled { transaction, .. } if transaction == hash),
        "{refused}"
    );
    let intent = signed(&stage, "a gift").await;
    assert_eq!(intent.state, IntentState::Cancelled(hash));
    assert_eq!(nonce(&stage).await, 1);
    let again = stage.sender.cancel(&intent).await.unwrap_err();
    assert!(matches!(again, SendError::Over { .. }), "{again}");
    // asked for once more, it is sent
    stage.anvil.automine(true).await.unwrap();
    stage.sender.send(gift("a gift")).await.unwrap();
    assert_eq!(nonce(&stage).await, 2);
}

#[tokio::test]
async fn a_transaction_that_more_was_offered_for_by_hand_is_mined_at_the_new_price() {
    let stage = patient_stage().await;
    let bump = async {
        let intent = signed(&stage, "a gift").await;
        pooled(&stage, 1).await;
        let before = intent.attempts[0].offer().unwrap();
        let hash = stage.sender.bump(&intent).await.unwrap();
        let after = signed(&stage, "a gift").await.attempts[1].offer().unwrap();
        assert!(after.max_fee > before.max_fee + before.max_fee / 10);
        stage.anvil.mine(1).await.unwrap();
        hash
    };
    let (landed, hash) = tokio::join!(stage.sender.send(gift("a gift")), bump);
    assert_eq!(landed.unwrap().transaction, hash);
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn what_a_reorganisation_took_back_is_found_without_a_key_or_a_caller() {
    let stage = Stage::start().await;
    let before = stage.anvil.snapshot().await.unwrap();
    let landed = stage.sender.send(gift("a gift")).await.unwrap();
    stage.anvil.revert(before).await.unwrap();
    let found = recover(&stage.rpc, stage.log.as_ref(), stage.sender.address())
        .await
        .unwrap();
    assert_eq!((found.revived, found.waiting.len()), (1, 1));
    // a node answers before it has made the block
    while nonce(&stage).await == 0 {
        tokio::task::yield_now().await;
    }
    let found = recover(&stage.rpc, stage.log.as_ref(), stage.sender.address())
        .await
        .unwrap();
    assert_eq!((found.settled, found.waiting.len()), (1, 0));
    let intent = signed(&stage, "a gift").await;
    assert_eq!(intent.state, IntentState::Mined(landed.transaction));
    assert_eq!(nonce(&stage).await, 1);
}

#[tokio::test]
async fn what_a_chain_charges_for_data_is_counted_before_anything_is_signed() {
    let stage = Stage::start().await;
    // answers 10^24 wei to every call, as the contract of the OP stack's chains answers its fee
    let oracle = "0x420000000000000000000000000000000000000F";
    let code = "0x69d3c21bcecceda100000060005260206000f3";
    let node = stage.anvil.rpc();
    node.call("anvil_setCode", json!([oracle, code])).await.unwrap();
    let refused = stage.sender.send(gift("a gift")).await.unwrap_err();
    let SendError::Poor { needed, .. } = &refused else {
        panic!("{refused}")
    };
    assert!(needed.len() > 24, "{needed}");
    assert_eq!(nonce(&stage).await, 0);
}
