//! Somebody's own wallet, played by a node that signs for its accounts.

use maci_chain::rpc::Patience;
use maci_testkit::Anvil;
use maci_testkit::anvil::ACCOUNTS;
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
