use alloy::primitives::hex;
use maci_chain::account::{Approval, Delegation, Policy, Route};
use maci_chain::send::Submit;
use maci_chain::words::eth_address;
use maci_protocol::time::Timestamp;
use maci_testkit::accounts::make_approval;
use serde_json::json;

use crate::stage::{CHAIN, Session, Stage, rings};

#[tokio::test]
async fn an_approval_that_the_published_libraries_made_is_ours_to_the_byte_and_works() {
    let stage = Stage::start().await;
    let until = stage.now().await + 1_000;
    let ours = stage.approve(vec![Policy::timestamp(0, until)], 1);
    let request = json!({
        "rpc": stage.anvil.url(), "chainId": CHAIN.0, "session": ours.key.address(),
        "owner": format!("0x{}", hex::encode(stage.owner.to_bytes())),
        "policies": [{ "type": "timestamp", "validUntil": until }],
    });
    let made = make_approval(&request).await.unwrap();
    let theirs = Approval::parse(&made.approval).unwrap();
    assert_eq!(theirs, ours.approval);

    let session = Session {
        approval: theirs,
        ..ours
    };
    let now = Timestamp::from_unix_seconds(until - 1);
    let address = eth_address(session.key.address());
    let delegation = Delegation::check(session.approval.clone(), address, CHAIN, now, &[]).unwrap();
    assert_eq!(delegation.account().to_string(), made.account);
    let account = stage.account(&session, Route::Own(stage.payer())).await;
    let landed = account.submit(stage.ring("first", 5)).await.unwrap();
    assert_eq!(rings(&landed), [(account.caller(), 5)]);
}
