//! Somebody's own wallet, played by a node that signs for its accounts.

use maci_chain::rpc::Patience;
use maci_testkit::Anvil;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::batches::BatchWallet;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::clock::SystemClock;

struct Desk {
    chain: Anvil,
    store: Store,
    exported: Exported,
    _folder: TempDir,
}

async fn desk() -> Desk {
    let chain = Anvil::start().await.unwrap();
    let endpoints = vec![chain.url().parse().unwrap()];
    let rpc = Rpc::connect(endpoints, None, Patience::default()).await.unwrap();
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let exported = Exported {
        name: "wallet".parse().unwrap(),
        account: ACCOUNTS[1].address.parse().unwrap(),
        rpc,
        store: store.clone(),
        clock: Arc::new(SystemClock),
        patience: Duration::from_secs(60),
    };
    Desk {
        chain,
        store,
        exported,
        _folder: folder,
    }
}

fn call(purpose: &str, data: u8) -> Call {
    Call {
        purpose: Purpose::new(purpose),
        to: Some(EthAddress([0x42; 20])),
        data: vec![data; 8],
    }
}

impl Desk {
    /// The call in the list, once it is there.
    async fn listed(&self, purpose: &str) -> ExportRow {
        loop {
            let chain = self.exported.rpc.chain();
            if let Some(row) = self.store.exports().newest(chain, purpose).await.unwrap() {
                return row;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Sends a transaction from an account of the node, and says that it is the call.
    async fn send(&self, row: &ExportRow, transaction: Value) -> TxHash {
        let node = self.chain.rpc();
        let hash = node.call("eth_sendTransaction", json!([transaction])).await.unwrap();
        let hash: TxHash = hash.as_str().unwrap().parse().unwrap();
        let sent = (ExportState::Sent, Some(hash), None);
        let exports = self.store.exports();
        assert!(
            exports
                .change(row.id, ExportState::Waiting, sent, SystemClock.now())
                .await
                .unwrap()
        );
        hash
    }
}

#[tokio::test]
async fn what_the_wallet_sent_is_followed_to_where_it_landed_and_asked_for_once() {
    let desk = desk().await;
    let wallet = async {
        let row = desk.listed("a call").await;
        let data = format!("0x{}", hex::encode(&row.export.payload));
        let transaction = json!({ "from": ACCOUNTS[1].address, "to": row.export.receiver, "data": data });
        desk.send(&row, transaction).await
    };
    let (landed, hash) = tokio::join!(desk.exported.submit(call("a call", 7)), wallet);
    let landed = landed.unwrap();
    assert_eq!(landed.transaction, hash);
    let row = desk.listed("a call").await;
    assert_eq!((row.state, row.transaction), (ExportState::Mined, Some(hash)));
    assert_eq!(desk.exported.submit(call("a call", 7)).await.unwrap(), landed);
}

#[tokio::test]
async fn whatever_else_the_wallet_sent_is_refused_with_the_difference() {
    let desk = desk().await;
    let (own, other) = (ACCOUNTS[1].address, ACCOUNTS[2].address);
    let to = EthAddress([0x42; 20]);
    let data = format!("0x{}", "07".repeat(8));
    let wrong = [
        (
            "of another",
            json!({ "from": other, "to": to, "data": data }),
            "neither from",
        ),
        (
            "elsewhere",
            json!({ "from": own, "to": other, "data": data }),
            "does not call",
        ),
        (
            "other data",
            json!({ "from": own, "to": to, "data": "0x08" }),
            "does not call",
        ),
        (
            "with money",
            json!({ "from": own, "to": to, "data": data, "value": "0x1" }),
            "carries 1 wei",
        ),
    ];
    for (purpose, transaction, difference) in wrong {
        let wallet = async {
            let row = desk.listed(purpose).await;
            desk.send(&row, transaction).await
        };
        let (refused, _) = tokio::join!(desk.exported.submit(call(purpose, 7)), wallet);
        let refused = refused.unwrap_err();
        assert!(refused.to_string().contains(difference), "{purpose}: {refused}");
        assert_eq!(desk.listed(purpose).await.state, ExportState::Refused);
    }
}

#[tokio::test]
async fn a_call_that_was_taken_back_is_not_waited_for() {
    let desk = desk().await;
    let withdraw = async {
        let row = desk.listed("a call").await;
        let withdrawn = (ExportState::Withdrawn, None, None);
        let exports = desk.store.exports();
        exports
            .change(row.id, ExportState::Waiting, withdrawn, SystemClock.now())
            .await
            .unwrap();
    };
    let (refused, ()) = tokio::join!(desk.exported.submit(call("a call", 7)), withdraw);
    assert!(matches!(refused, Err(SendError::Withdrawn { .. })), "{refused:?}");
}

/// The calls as one request for a wallet that takes several at once.
fn batch(rows: &[ExportRow]) -> Value {
    let call = |row: &ExportRow| json!({ "to": row.export.receiver, "data": format!("0x{}", hex::encode(&row.export.payload)), "value": "0x0" });
    json!({ "method": "wallet_sendCalls", "params": [{
        "version": "2.0.0", "chainId": "0x7a69", "from": ACCOUNTS[1].address, "atomicRequired": false,
        "calls": rows.iter().map(call).collect::<Vec<_>>(),
    }] })
}

impl Desk {
    /// Says which transaction each of the calls is in, as far as the wallet tells.
    async fn tell(&self, rows: &[ExportRow], status: &Value) {
        for (row, receipt) in rows.iter().zip(status["receipts"].as_array().unwrap()) {
            let hash: TxHash = receipt["transactionHash"].as_str().unwrap().parse().unwrap();
            let sent = (ExportState::Sent, Some(hash), None);
            let exports = self.store.exports();
            let told = exports.change(row.id, ExportState::Waiting, sent, SystemClock.now());
            assert!(told.await.unwrap());
        }
    }
}

#[tokio::test]
async fn a_batch_that_a_wallet_took_is_followed_call_by_call() {
    let desk = desk().await;
    let calls = vec![call("first", 1), call("second", 2)];
    let wallet = async {
        let rows = [desk.listed("first").await, desk.listed("second").await];
        let mut wallet = BatchWallet::on(desk.chain.rpc());
        let id = wallet.send_calls(&batch(&rows)).await.unwrap();
        let status = wallet.settled(&id).await.unwrap();
        assert_eq!(status["status"], 200);
        desk.tell(&rows, &status).await;
    };
    let (landed, ()) = tokio::join!(desk.exported.submit_all(calls), wallet);
    let landed: Vec<Landed> = landed.into_iter().map(Result::unwrap).collect();
    assert_ne!(landed[0].transaction, landed[1].transaction);
    for (purpose, landed) in ["first", "second"].into_iter().zip(landed) {
        let row = desk.listed(purpose).await;
        assert_eq!(
            (row.state, row.transaction),
            (ExportState::Mined, Some(landed.transaction))
        );
    }
    // exactly these two are on the chain
    assert_eq!(desk.chain.calls_since(1).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_wallet_left_out_of_a_batch_goes_on_waiting_and_is_not_taken_for_done() {
    let desk = desk().await;
    let calls = vec![call("first", 1), call("second", 2)];
    let wallet = async {
        let rows = [desk.listed("first").await, desk.listed("second").await];
        let mut hasty = BatchWallet::on(desk.chain.rpc()).stopping_after(1);
        let id = hasty.send_calls(&batch(&rows)).await.unwrap();
        let status = hasty.settled(&id).await.unwrap();
        assert_eq!(
            (&status["status"], status["receipts"].as_array().unwrap().len()),
            (&json!(600), 1)
        );
        desk.tell(&rows, &status).await;
        while desk.listed("first").await.state != ExportState::Mined {
            tokio::task::yield_now().await;
        }
        let rest = desk.listed("second").await;
        assert_eq!((rest.state, rest.transaction), (ExportState::Waiting, None));
        // the rest as a batch of its own
        let rest = [rest];
        let mut wallet = BatchWallet::on(desk.chain.rpc());
        let id = wallet.send_calls(&batch(&rest)).await.unwrap();
        desk.tell(&rest, &wallet.settled(&id).await.unwrap()).await;
    };
    let (landed, ()) = tokio::join!(desk.exported.submit_all(calls), wallet);
    assert!(landed.iter().all(Result::is_ok), "{landed:?}");
    assert_eq!(desk.chain.calls_since(1).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_call_that_is_said_to_be_in_another_call_s_transaction_is_refused() {
    let desk = desk().await;
    let calls = vec![call("first", 1), call("second", 2)];
    let wallet = async {
        let rows = [desk.listed("first").await, desk.listed("second").await];
        let mut hasty = BatchWallet::on(desk.chain.rpc()).stopping_after(1);
        let id = hasty.send_calls(&batch(&rows)).await.unwrap();
        let mut status = hasty.settled(&id).await.unwrap();
        let first = status["receipts"][0].clone();
        status["receipts"].as_array_mut().unwrap().push(first);
        desk.tell(&rows, &status).await;
    };
    let (landed, ()) = tokio::join!(desk.exported.submit_all(calls), wallet);
    assert!(landed[0].is_ok(), "{landed:?}");
    let refused = landed[1].as_ref().unwrap_err().to_string();
    assert!(refused.contains("does not call"), "{refused}");
    assert_eq!(desk.listed("second").await.state, ExportState::Refused);
}
