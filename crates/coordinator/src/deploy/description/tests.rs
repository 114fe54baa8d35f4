use serde_json::json;

use super::*;

/// Where the schema is published.
const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/deployment.json");
/// Where descriptions are explained, with examples.
const EXPLAINED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating/deploying.md");

#[test]
fn the_published_schema_is_the_one_descriptions_are_read_by() {
    let ours = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    #[expect(clippy::disallowed_methods, reason = "a test's own switch")]
    if std::env::var("MACI_RENEW").is_ok() {
        std::fs::write(PUBLISHED, &ours).unwrap();
    }
    let published = std::fs::read_to_string(PUBLISHED).unwrap();
    assert!(
        published == ours,
        "docs/schema/deployment.json is not the schema; renew it with MACI_RENEW=1"
    );
}

#[test]
fn every_example_of_the_manual_is_a_description_that_can_be() {
    let manual = std::fs::read_to_string(EXPLAINED).unwrap();
    let mut examples = 0;
    for block in manual.split("```json").skip(1) {
        let text = block.split("```").next().unwrap();
        let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let description = Description::read(&document).unwrap_or_else(|complaints| panic!("{complaints:?}: {text}"));
        if let Some(policy) = &description.maci.policy {
            policy.design("/maci/policy").unwrap();
        }
        for poll in &description.polls {
            poll.policy.design("/polls/0/policy").unwrap();
            poll.voice_credits.design("/polls/0/voiceCredits").unwrap();
        }
        description.coordinators().unwrap();
        assert_eq!(
            Description::read(&serde_json::to_value(&description).unwrap()),
            Ok(description)
        );
        examples += 1;
    }
    assert!(examples >= 3, "only {examples} examples");
}

#[test]
fn what_is_not_as_the_schema_says_is_named_by_its_place() {
    let complain = |document: Value| {
        let complaints = Description::read(&document).unwrap_err();
        complaints[0].to_string()
    };
    let poll = |field: &str, value: Value| {
        let mut poll = json!({
            "startDate": 1, "endDate": "2026-11-22T21:00:00Z", "mode": "QV", "tallyProcessingStateTreeDepth": 1,
            "voteOptionTreeDepth": 1, "messageBatchSize": 3, "voteOptions": 5, "policy": {}, "voiceCredits": {},
        });
        poll[field] = value;
        json!({ "name": "a", "chain": "localhost", "maci": {}, "polls": [poll] })
    };
    assert!(complain(poll("mode", json!("RANKED"))).starts_with("/polls/0/mode is refused: `RANKED`"));
    assert!(complain(poll("endDate", json!("tomorrow"))).starts_with("/polls/0/endDate"));
    assert!(complain(poll("relayers", json!(["0x12"]))).starts_with("/polls/0/relayers/0"));
    assert!(complain(poll("voteOptions", json!(-1))).starts_with("/polls/0/voteOptions"));
    assert!(complain(poll("startdate", json!(1))).contains("startdate"));
    assert!(complain(json!({ "name": "a", "chain": 1, "maci": {} })).starts_with("/chain"));
}
