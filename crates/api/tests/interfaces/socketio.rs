//! Socket.IO with the official client, over both of its transports.

use maci_testkit::Clients;
use serde_json::{Value, json};

use crate::served::{Served, Who};

const MACI: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

pub(crate) async fn tell(mut request: Value, url: &str, transport: &str) -> Vec<Value> {
    request["url"] = json!(url);
    request["transport"] = json!(transport);
    let clients = Clients::find().unwrap();
    clients.run("generation.js", &request).await.unwrap()
}

fn body() -> Value {
    json!({ "poll": 0, "maciContractAddress": MACI, "mode": 0, "chain": "localhost" })
}

#[tokio::test]
async fn whoever_is_nobody_hears_the_guards_words_over_both_transports() {
    let served = Served::start().await;
    let url = served.listen().await;
    for transport in ["websocket", "polling"] {
        let told = tell(json!({ "body": body() }), &url, transport).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["event"], "exception");
        assert_eq!(told[0]["data"]["message"], "Forbidden resource");
        assert_eq!(told[0]["data"]["status"], "error");
    }
}

#[tokio::test]
async fn a_wrong_body_is_an_exception_with_its_fields() {
    let served = Served::start().await;
    let url = served.listen().await;
    let authorisation = served.authorisation(Who::Operator).unwrap();
    let token = authorisation.trim_start_matches("Bearer ");
    for (transport, by) in [
        ("polling", json!({ "authorisation": authorisation })),
        ("websocket", json!({ "authorisation": authorisation })),
        ("websocket", json!({ "auth": { "token": token } })),
        ("polling", json!({ "auth": { "authorization": authorisation } })),
    ] {
        let mut request = by;
        request["body"] = json!({ "poll": "x" });
        let told = tell(request, &url, transport).await;
        let texts = told[0]["data"]["message"]
            .as_array()
            .unwrap_or_else(|| panic!("{told:?}"));
        assert!(texts.contains(&json!("poll must be an integer number")), "{texts:?}");
    }
}

#[tokio::test]
async fn a_viewer_may_not_ask_for_proofs_nor_an_operator_for_a_subgraph_yet() {
    let served = Served::start().await;
    let url = served.listen().await;
    let by = |who| json!({ "authorisation": served.authorisation(who).unwrap(), "body": body() });
    let told = tell(by(Who::Viewer), &url, "websocket").await;
    assert_eq!(told[0]["data"]["message"], "Forbidden resource");
    let mut deploy = by(Who::Operator);
    deploy["event"] = json!("start-deploy");
    let told = tell(deploy, &url, "websocket").await;
    assert_eq!(
        (&told[0]["event"], &told[0]["data"]["message"]),
        (&json!("exception"), &json!("7"))
    );
}

#[tokio::test]
async fn a_stranger_may_not_follow_a_poll_and_a_viewer_names_it_right() {
    let served = Served::start().await;
    let url = served.listen().await;
    let follow = |body: Value| json!({ "event": "follow-generation", "body": body });
    let told = tell(follow(body()), &url, "websocket").await;
    assert_eq!(told[0]["data"]["message"], "Forbidden resource");
    let mut wrong = follow(json!({ "pollId": 0 }));
    wrong["authorisation"] = json!(served.authorisation(Who::Viewer).unwrap());
    let told = tell(wrong, &url, "websocket").await;
    assert_eq!(told[0]["event"], "exception");
    assert!(told[0]["data"]["message"].is_array(), "{told:?}");
}
