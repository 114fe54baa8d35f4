//! The original service's documented calls get its documented answers.

use maci_testkit::Anvil;
use serde_json::{Value, json};

use crate::served::{Served, Who};

const MACI: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

#[tokio::test]
async fn the_public_key_is_told_to_everybody() {
    let served = Served::start().await;
    let answer = served.get(Who::Nobody, "/v1/proof/publicKey").await;
    assert_eq!(answer.status.as_u16(), 200);
    let key = answer.json()["publicKey"].as_str().unwrap().to_owned();
    assert!(key.starts_with("-----BEGIN RSA PUBLIC KEY-----"), "{key}");
}

#[tokio::test]
async fn a_subgraph_is_refused_for_want_of_a_deploy_key() {
    let served = Served::start().await;
    let body =
        json!({ "maciContractAddress": MACI, "startBlock": 1, "network": "sepolia", "name": "round", "tag": "v0.0.1" });
    let answer = served.post(Who::Operator, "/v1/subgraph/deploy", &body).await;
    assert_eq!(answer.status.as_u16(), 500);
    assert_eq!(answer.json()["message"], "7");
    assert_eq!(answer.json()["name"], "SUBGRAPH_DEPLOY_KEY_NOT_FOUND");
}

#[tokio::test]
async fn a_session_key_is_not_found_wherever_it_is_named() {
    let served = Served::start().await;
    let key = json!({ "sessionKeyAddress": MACI });
    let deleted = served
        .send(served.request(Who::Operator, "DELETE", "/v1/session-keys/delete", Some(&key)))
        .await;
    let body = json!({ "maciContractAddress": MACI, "pollId": 0, "chain": "localhost", "sessionKeyAddress": MACI, "approval": "x" });
    let merged = served.post(Who::Operator, "/v1/proof/merge", &body).await;
    for answer in [deleted, merged] {
        assert_eq!(answer.status.as_u16(), 404);
        assert_eq!(answer.json()["message"], "8");
    }
}

#[tokio::test]
async fn polls_are_an_empty_list_before_any_is_followed() {
    let served = Served::start().await;
    let answer = served.get(Who::Nobody, "/v1/polls").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!([])));
    let tally = served.get(Who::Nobody, "/tally/poll/0").await;
    assert_eq!(tally.status.as_u16(), 404);
    for path in ["/v1/contracts", "/contracts/"] {
        let contracts = served.get(Who::Nobody, path).await;
        assert_eq!(contracts.status.as_u16(), 200, "{path}: {}", contracts.text);
        assert!(contracts.json().is_object());
    }
}

#[tokio::test]
async fn health_has_the_shape_dashboards_read() {
    let served = Served::start().await;
    let answer = served.get(Who::Nobody, "/v1/health/check").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let health = answer.json();
    assert_eq!(health["rapidsnark"]["rapidsnarkIsExecutable"], true);
    assert!(health["zkeysDirectory"]["availableZkeys"].is_object());
    assert!(health["coordinatorWalletFunds"]["fundsInNetworks"].is_array());
    assert_eq!(health["isRedisOpen"], true);
    assert_eq!(
        (&health["keysLocked"], &health["legacyLogins"]),
        (&json!(false), &json!(false))
    );
}

#[tokio::test]
async fn what_nobody_can_deploy_is_refused_with_the_known_number() {
    let served = Served::start().await;
    let policy = |name: &str| {
        let id = |kind: &str| format!("@excubiae/contracts/contracts/extensions/token/{name}{kind}.sol:{name}{kind}");
        json!({ "policyType": id("Policy"), "checkerType": id("Checker"), "args": { "token": MACI } })
    };
    let args = json!({
        "stateTreeDepth": 10, "pollStateTreeDepth": "10", "tallyProcessingStateTreeDepth": 1,
        "voteOptionTreeDepth": 2, "messageBatchSize": 20,
    });
    let body = json!({ "chain": "localhost", "config": {
        "policy": policy("Beauty"),
        "MACI": { "stateTreeDepth": 10, "modes": [0] },
        "VerifyingKeysRegistry": { "args": args },
    } });
    let answer = served.post(Who::Operator, "/v1/deploy/maci", &body).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (400, &json!("17")));
}

#[tokio::test]
async fn a_chain_is_known_by_the_name_that_the_settings_give_it_and_by_its_id() {
    let chain = Anvil::start().await.unwrap();
    let served = Served::on(&chain).await;
    let merged = async |chain: Value| {
        let body = json!({ "maciContractAddress": MACI, "pollId": 0, "chain": chain });
        let answer = served.post(Who::Operator, "/v1/proof/merge", &body).await;
        (answer.status.as_u16(), answer.json()["name"].clone())
    };
    let usual = merged(json!("localhost")).await;
    assert_ne!(usual.0, 400, "{usual:?}");
    for other in [json!("our_rollup"), json!("31337"), json!(31_337)] {
        assert_eq!(merged(other.clone()).await, usual, "{other}");
    }
    assert_eq!(merged(json!("their_rollup")).await.0, 400);
}
