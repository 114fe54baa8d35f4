//! What is offered for gas, by every strategy an operator can choose.

use std::sync::Arc;

use maci_chain::send::{Call, FeeCap, FeeStrategy, IntentLog, Purpose, SendSettings, Sender};
use serde_json::{Value, json};

use crate::stage::{Stage, settings, wallet};

const GWEI: u64 = 1_000_000_000;

impl Stage {
    /// A transaction of a sender that prices so, as the chain has it.
    async fn priced(&self, fees: FeeStrategy, fee_cap: FeeCap) -> Value {
        let settings = SendSettings {
            fees,
            fee_cap,
            ..settings()
        };
        let log = self.log.clone() as Arc<dyn IntentLog>;
        let sender = Sender::new(self.rpc.clone(), wallet(0), log, settings);
        let call = Call {
            purpose: Purpose::new(format!("{fees:?} {fee_cap:?}")),
            to: Some(sender.address()),
            data: Vec::new(),
        };
        let landed = sender.send(call).await.unwrap();
        let asked = json!([landed.transaction]);
        self.anvil.rpc().call("eth_getTransactionByHash", asked).await.unwrap()
    }
}

fn wei(transaction: &Value, field: &str) -> u64 {
    let text = transaction[field].as_str().unwrap();
    u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
}

#[tokio::test]
async fn every_strategy_offers_what_it_says_and_none_more_than_the_cap() {
    let stage = Stage::start().await;
    let plenty = FeeCap(u128::from(1_000 * GWEI));
    let gwei = |gwei: u64| u128::from(gwei * GWEI);

    let fixed = FeeStrategy::Fixed {
        tip: gwei(3),
        max: Some(gwei(20)),
    };
    let sent = stage.priced(fixed, plenty).await;
    assert_eq!(wei(&sent, "maxPriorityFeePerGas"), 3 * GWEI);
    assert_eq!(wei(&sent, "maxFeePerGas"), 20 * GWEI);

    let with_room = FeeStrategy::Fixed {
        tip: gwei(3),
        max: None,
    };
    let sent = stage.priced(with_room, plenty).await;
    assert_eq!(wei(&sent, "maxPriorityFeePerGas"), 3 * GWEI);
    assert!(wei(&sent, "maxFeePerGas") > 3 * GWEI);
    let capped = stage.priced(fixed, FeeCap(gwei(7))).await;
    assert_eq!(wei(&capped, "maxFeePerGas"), 7 * GWEI);

    let price = FeeStrategy::GasPrice {
        price: Some(gwei(9)),
        percent: 100,
    };
    let sent = stage.priced(price, plenty).await;
    assert_eq!((sent["type"].clone(), wei(&sent, "gasPrice")), (json!("0x0"), 9 * GWEI));
    let node = stage.anvil.rpc().quantity("eth_gasPrice", json!([])).await.unwrap();
    let more = FeeStrategy::GasPrice {
        price: None,
        percent: 150,
    };
    let sent = stage.priced(more, plenty).await;
    assert!(wei(&sent, "gasPrice") > node, "{node} {sent}");

    // the tips of the last blocks were 3 gwei and more, and the market follows them
    let market = |base_fee_percent| FeeStrategy::Market {
        tip_percentile: 50,
        base_fee_percent,
    };
    let (some, more) = (
        stage.priced(market(150), plenty).await,
        stage.priced(market(1_000), plenty).await,
    );
    assert!(wei(&some, "maxPriorityFeePerGas") >= 3 * GWEI, "{some}");
    assert!(wei(&some, "maxFeePerGas") < wei(&more, "maxFeePerGas"), "{some} {more}");
}
