//! The local chain and the proxy before it do what tests will ask of them.

use maci_testkit::{
    Anvil, Rpc, RpcProxy,
    anvil::ACCOUNTS,
    proxy::{Fault, Rule},
};
use serde_json::json;

#[tokio::test]
async fn the_chain_has_our_accounts_and_its_clock_is_ours() {
    let anvil = Anvil::start().await.unwrap();
    let held = anvil.rpc().call("eth_accounts", json!([])).await.unwrap();
    for (account, held) in ACCOUNTS.iter().zip(held.as_array().unwrap()) {
        assert_eq!(account.address.to_lowercase(), held.as_str().unwrap().to_lowercase());
    }
    let before = anvil.timestamp().await.unwrap();
    anvil.advance_by(3600).await.unwrap();
    assert_eq!(anvil.timestamp().await.unwrap(), before + 3600);
}

#[tokio::test]
async fn a_snapshot_is_gone_back_to_and_a_reorg_changes_blocks() {
    let anvil = Anvil::start().await.unwrap();
    anvil.mine(5).await.unwrap();
    let snapshot = anvil.snapshot().await.unwrap();
    anvil.mine(5).await.unwrap();
    anvil.revert(snapshot).await.unwrap();
    assert_eq!(anvil.block_number().await.unwrap(), 5);

    let hash = || anvil.rpc().call("eth_getBlockByNumber", json!(["0x4", false]));
    let before = hash().await.unwrap();
    anvil.reorg(3).await.unwrap();
    assert_ne!(hash().await.unwrap()["hash"], before["hash"]);
}

#[tokio::test]
async fn calls_are_found_in_the_chain_s_history() {
    let anvil = Anvil::start().await.unwrap();
    let [payer, payee, ..] = ACCOUNTS;
    let call = json!([{ "from": payer.address, "to": payee.address, "data": "0x01020304ff" }]);
    let sent = anvil.rpc().call("eth_sendTransaction", call).await.unwrap();
    anvil.mined(&sent).await.unwrap();
    let calls = anvil.calls_since(0).await.unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].selector.as_str(), calls[0].succeeded), ("0x01020304", true));
}

#[tokio::test]
async fn the_proxy_passes_on_counts_and_fails_as_told() {
    let anvil = Anvil::start().await.unwrap();
    let proxy = RpcProxy::before(anvil.url()).await.unwrap();
    let rpc = Rpc::new(proxy.url());
    let head = || rpc.quantity("eth_blockNumber", json!([]));

    anvil.mine(10).await.unwrap();
    assert_eq!(head().await.unwrap(), 10);

    for fault in [
        Fault::Disconnect,
        Fault::LoseAnswer,
        Fault::Truncate,
        Fault::Status(429),
        Fault::Status(500),
    ] {
        proxy.inject(Rule::times(1, fault.clone()));
        assert!(head().await.is_err(), "{fault:?}");
        assert_eq!(head().await.unwrap(), 10, "after {fault:?}");
    }
    proxy.inject(
        Rule::times(
            1,
            Fault::Error {
                code: -32000,
                message: "no".into(),
            },
        )
        .on(&["eth_chainId"]),
    );
    assert_eq!(head().await.unwrap(), 10);
    let refused = rpc.call("eth_chainId", json!([])).await.unwrap_err();
    assert!(refused.to_string().contains("-32000"), "{refused}");

    proxy.heal();
    proxy.inject(Rule::always(Fault::StaleHead { blocks: 4 }));
    assert_eq!(head().await.unwrap(), 6);
    let latest = rpc
        .call("eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(latest["number"], "0x6");
    assert_eq!(proxy.calls("eth_chainId"), 1);
    assert_eq!(proxy.faults(), 8);
}

#[tokio::test]
async fn the_proxy_limits_ranges_and_drops_and_invents_logs() {
    let anvil = Anvil::start().await.unwrap();
    // Init code that logs once with 32 bytes of data: a log without a contract.
    for _ in 0..3 {
        let creation = json!([{ "from": ACCOUNTS[0].address, "data": "0x60ff60005260206000a000" }]);
        let sent = anvil.rpc().call("eth_sendTransaction", creation).await.unwrap();
        anvil.mined(&sent).await.unwrap();
    }
    let proxy = RpcProxy::before(anvil.url()).await.unwrap();
    let rpc = Rpc::new(proxy.url());
    let logs = async |to: &str| {
        rpc.call("eth_getLogs", json!([{ "fromBlock": "0x0", "toBlock": to }]))
            .await
    };
    let count = async || logs("0x3").await.unwrap().as_array().unwrap().len();
    assert_eq!(count().await, 3);

    proxy.inject(Rule::always(Fault::MaxLogRange(2)));
    assert!(logs("0x3").await.is_err());
    assert!(logs("0x1").await.is_ok());

    proxy.heal();
    proxy.inject(Rule::times(1, Fault::DropLog { position: 1 }));
    assert_eq!(count().await, 2);
    proxy.inject(Rule::times(1, Fault::InventLog { position: 1 }));
    assert_eq!(count().await, 4);
    proxy.inject(Rule::times(1, Fault::StaleHead { blocks: 1 }));
    assert_eq!(count().await, 2);
}
