//! A whole deployment from one document: planned, brought about once, refused before anything is sent.

use maci_coordinator_core::deploy::Description;
use maci_coordinator_core::service::{DeployMaciRequest, ServiceError};
use serde_json::{Value, json};

use crate::venue::{CHAIN, Venue, operator};

fn description(now: u64) -> Value {
    json!({
        "name": "spring", "chain": "localhost",
        "maci": {
            "stateTreeDepth": 5, "policy": { "type": "FreeForAll" },
            "verifyingKeys": [{
                "modes": ["QV"], "tallyProcessingStateTreeDepth": 1, "voteOptionTreeDepth": 1, "messageBatchSize": 3,
            }],
        },
        "polls": [{
            "name": "grants", "startDate": now, "endDate": now + 3_600, "mode": "QV",
            "tallyProcessingStateTreeDepth": 1, "voteOptionTreeDepth": 1, "messageBatchSize": 3, "voteOptions": 5,
            "policy": { "type": "FreeForAll" }, "voiceCredits": { "type": "constant", "amount": 100 },
        }],
    })
}

fn read(document: &Value) -> Description {
    Description::read(document).unwrap()
}

#[test]
fn a_description_is_planned_applied_once_and_its_poll_is_followed() {
    let venue = Venue::open();
    let process = venue.begin();
    let service = &process.service;
    let document = description(venue.now());
    let blocks = || venue.outside(venue.chain.block_number()).unwrap();

    let plan = process
        .run(service.plan_deployment(&operator(), read(&document)))
        .unwrap();
    assert!(plan.is_simulated && plan.is_affordable && plan.to_send > 20, "{plan}");
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("coordinator key spring-grants")),
        "{plan}"
    );
    assert_eq!(blocks(), 0);

    let made = process
        .done(service.apply_deployment(&operator(), read(&document)))
        .unwrap();
    assert_eq!(made["polls"][0]["pollId"], json!("0"));
    let maci = plan
        .steps
        .iter()
        .find(|step| step.name == "MACI")
        .unwrap()
        .address
        .unwrap();
    assert_eq!(made["maci"]["address"], json!(maci));
    let followed = process.run(service.polls()).unwrap();
    assert_eq!(followed.len(), 1);

    // by another process, with what is written down only
    let sent = blocks();
    drop(process);
    let process = venue.begin();
    let service = &process.service;
    let again = process
        .done(service.apply_deployment(&operator(), read(&document)))
        .unwrap();
    assert_eq!(again, made);
    let plan = process
        .run(service.plan_deployment(&operator(), read(&document)))
        .unwrap();
    assert_eq!(plan.to_send, 0);
    assert_eq!(blocks(), sent);

    // another name is another deployment, which uses what serves every one
    let mut other = document;
    other["name"] = json!("summer");
    let plan = process.run(service.plan_deployment(&operator(), read(&other))).unwrap();
    let reused = plan.steps.iter().filter(|step| step.action == "reuse").count();
    assert_eq!(reused, 4 + 3 + 1 + 2 + 1, "{plan}");
}

#[test]
fn what_cannot_be_is_refused_with_every_place_at_once_and_nothing_is_sent() {
    let venue = Venue::open();
    let process = venue.begin();
    let mut wrong = description(venue.now());
    wrong["polls"][0]["voteOptions"] = json!(6);
    wrong["polls"][0]["endDate"] = json!(7);
    wrong["maci"]["policy"] = json!({ "type": "Token", "token": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" });
    let refused = process
        .run(process.service.plan_deployment(&operator(), read(&wrong)))
        .unwrap_err();
    let ServiceError::Refused { complaints } = refused else {
        panic!("{refused}");
    };
    let places: Vec<&str> = complaints.iter().map(|one| one.pointer.as_str()).collect();
    for place in ["/maci/policy/token", "/polls/0/endDate", "/polls/0/voteOptions"] {
        assert!(places.contains(&place), "{places:?}");
    }

    // the same for the existing service's bodies, with their own places
    let policy = |name: &str, args: Value| {
        let id = |kind: &str| format!("@excubiae/contracts/contracts/extensions/token/{name}{kind}.sol:{name}{kind}");
        json!({ "policyType": id("Policy"), "checkerType": id("Checker"), "args": args })
    };
    let config = json!({
        "policy": policy("Token", json!({ "token": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" })),
        "MACI": { "stateTreeDepth": 5, "modes": [0] },
        "VerifyingKeysRegistry": { "args": {
            "stateTreeDepth": 5, "pollStateTreeDepth": 5, "tallyProcessingStateTreeDepth": 1,
            "voteOptionTreeDepth": 1, "messageBatchSize": 3,
        } },
    });
    let request = DeployMaciRequest {
        chain: CHAIN,
        config: serde_json::from_value(config).unwrap(),
        sender: Default::default(),
    };
    let refused = process
        .done(process.service.deploy_maci(&operator(), request))
        .unwrap_err();
    assert!(
        refused.to_string().contains("/config/policy/args/token names"),
        "{refused}"
    );
    assert_eq!(venue.outside(venue.chain.block_number()).unwrap(), 0);
}
