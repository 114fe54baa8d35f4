use serde_json::{Value, json};

use super::*;

const MACI: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

fn complaints<T: FromFields + std::fmt::Debug>(body: &Value) -> Vec<String> {
    read::<T>(body).unwrap_err()
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let body = json!({ "poll": -1, "maciContractAddress": "0x12", "mode": 3, "chain": "moon", "blocksPerBatch": 1001 });
    let texts = complaints::<GenerateBody>(&body);
    assert_eq!(texts.len(), 5);
    assert!(texts.contains(&"poll must not be less than 0".to_owned()), "{texts:?}");
    assert!(texts.contains(&"maciContractAddress must be an Ethereum address".to_owned()));
    assert!(texts.contains(&"mode must be one of the following values: 0, 1, 2".to_owned()));
    assert!(texts.contains(&"blocksPerBatch must not be greater than 1000".to_owned()));
    assert!(
        texts
            .iter()
            .any(|text| text.starts_with("chain must be one of the following values: mainnet, "))
    );
}

#[test]
fn a_poll_is_read_under_both_of_its_names() {
    for name in ["poll", "pollId"] {
        let body = json!({ name: 3, "maciContractAddress": MACI, "chain": "localhost", "mode": 0 });
        assert_eq!(read::<PollBody>(&body).unwrap().poll_id.0, 3);
        assert_eq!(read::<GenerateBody>(&body).unwrap().poll.0, 3);
    }
    let text = json!({ "pollId": "3", "maciAddress": MACI, "chain": "localhost" });
    assert_eq!(read::<PollBody>(&text).unwrap().poll_id.0, 3);
}

#[test]
fn complaints_about_inner_fields_carry_their_path() {
    let body = json!({
        "chain": "localhost",
        "config": {
            "policy": { "policyType": "x", "checkerType": 7 },
            "MACI": { "stateTreeDepth": 300, "modes": [0, 9] },
            "VerifyingKeysRegistry": {},
        },
    });
    assert_eq!(
        complaints::<DeployMaciBody>(&body),
        [
            "config.policy.checkerType must be a string",
            "config.MACI.stateTreeDepth must not be greater than 255",
            "config.MACI.modes at place 1 must be one of the following values: 0, 1, 2",
            "config.VerifyingKeysRegistry.args must be an object",
        ]
    );
}

#[test]
fn a_body_that_is_no_object_is_refused_as_a_whole() {
    for body in [json!([]), json!("x"), json!(null), json!(1)] {
        assert_eq!(complaints::<PollBody>(&body), ["the body must be an object"]);
    }
}

#[test]
fn a_version_is_v_and_three_numbers() {
    let body = |tag: &str| json!({ "maciContractAddress": MACI, "startBlock": 1, "network": "sepolia", "name": "abc", "tag": tag });
    assert!(read::<SubgraphBody>(&body("v0.12.3")).is_ok());
    for tag in ["0.1.2", "v1.2", "v1.2.3.4", "v1..2", "v1.2.x", "v1.2.3\n", ""] {
        assert!(read::<SubgraphBody>(&body(tag)).is_err(), "{tag:?}");
    }
}

#[test]
fn ids_in_paths_are_exact() {
    assert!(poll_path("localhost", MACI, "0").is_ok());
    assert!(poll_path("31337", MACI, "9007199254740991").is_ok());
    for (chain, maci, poll) in [
        ("Localhost", MACI, "0"),
        ("../1", MACI, "0"),
        ("1 ", MACI, "0"),
        ("1", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0"),
        ("1", MACI, "+1"),
        ("1", MACI, "1e3"),
        ("1", MACI, "9007199254740992"),
        ("1", MACI, "18446744073709551616"),
        ("1", MACI, ""),
    ] {
        assert!(poll_path(chain, maci, poll).is_err(), "{chain} {maci} {poll}");
    }
    assert!(job_text("0190b5a0-0000-7000-8000-000000000000").is_ok());
    for id in [
        "0190b5a0000070008000000000000000",
        "{0190b5a0-0000-7000-8000-000000000000}",
        "7",
        "..",
    ] {
        assert!(job_text(id).is_err(), "{id}");
    }
}
