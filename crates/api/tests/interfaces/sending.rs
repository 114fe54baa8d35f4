//! Who sends and what was sent, as operators see and change it.

use maci_testkit::Anvil;
use serde_json::{Value, json};

use crate::round::{maci, make_circuits};
use crate::served::{Served, Who};

/// The newest transaction, once there is one in this state.
async fn newest(served: &Served, state: &str) -> Value {
    loop {
        let path = format!("/v1/transactions?state={state}&limit=1");
        let mut answer = served.get(Who::Viewer, &path).await.json();
        if let Some(found) = answer["transactions"].get_mut(0) {
            return found.take();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_is_listed_called_off_and_its_sender_paused() {
    make_circuits();
    let chain = Anvil::start().await.unwrap();
    chain.automine(false).await.unwrap();
    let served = Served::on(&chain).await;

    let senders = served.get(Who::Viewer, "/v1/senders").await.json();
    let gas = &senders["senders"][0];
    assert_eq!((&gas["name"], &gas["kind"]), (&json!("gas"), &json!("gas")));
    assert_eq!(gas["chains"][0]["isDefault"], json!(true));
    assert_eq!(gas["chains"][0]["balance"], json!("10000000000000000000000"));

    let mut request = served.request(Who::Operator, "POST", "/v1/deploy/maci", Some(&maci()));
    request.headers_mut().insert("prefer", "respond-async".parse().unwrap());
    assert_eq!(served.send(request).await.status.as_u16(), 202);
    let live = newest(&served, "live").await;
    assert_eq!(
        (&live["sender"], &live["nonce"]),
        (&gas["chains"][0]["address"], &json!(0))
    );
    let place = format!("/v1/transactions/{}", live["id"].as_str().unwrap());

    // nobody but an admin pauses, and nobody but an operator calls off
    for (who, path) in [
        (Who::Operator, "/v1/senders/gas/pause"),
        (Who::Viewer, &format!("{place}/cancel")),
    ] {
        assert_eq!(served.post(who, path, &json!({})).await.status.as_u16(), 403);
    }
    let paused = served.post(Who::Admin, "/v1/senders/gas/pause", &json!({})).await;
    assert_eq!(paused.status.as_u16(), 201, "{}", paused.text);
    let bumped = served.post(Who::Operator, &format!("{place}/bump"), &json!({})).await;
    assert_eq!(
        bumped.status.as_u16(),
        409,
        "a paused sender offers nothing more: {}",
        bumped.text
    );
    let cancelled = served.post(Who::Operator, &format!("{place}/cancel"), &json!({})).await;
    assert_eq!(cancelled.status.as_u16(), 201, "{}", cancelled.text);
    let attempts = cancelled.json()["attempts"].take();
    assert_eq!(attempts.as_array().unwrap().last().unwrap()["cancels"], json!(true));

    chain.mine(1).await.unwrap();
    let over = newest(&served, "cancelled").await;
    assert_eq!(over["id"], live["id"]);
    assert!(over["cost"].as_str().unwrap().parse::<u128>().unwrap() > 0);
    let late = served.post(Who::Operator, &format!("{place}/cancel"), &json!({})).await;
    assert_eq!(late.status.as_u16(), 409, "{}", late.text);

    let senders = served.get(Who::Viewer, "/v1/senders").await.json();
    assert!(senders["senders"][0]["pausedSince"].is_i64());
    let resumed = served.post(Who::Admin, "/v1/senders/gas/resume", &json!({})).await;
    assert_eq!(resumed.status.as_u16(), 201, "{}", resumed.text);
}

#[tokio::test]
async fn a_request_that_names_a_sender_nobody_described_is_refused_and_nobody_else_sends() {
    let chain = Anvil::start().await.unwrap();
    let served = Served::on(&chain).await;
    let mut body = maci();
    body["sender"] = json!("treasury");
    let refused = served.post(Who::Operator, "/v1/deploy/maci", &body).await;
    assert_eq!(refused.status.as_u16(), 400, "{}", refused.text);
    assert!(refused.text.contains("treasury"), "{}", refused.text);
    assert_eq!(chain.block_number().await.unwrap(), 0);
}
