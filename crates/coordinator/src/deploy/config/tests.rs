use serde_json::json;

use super::*;
use crate::service::LegacyCode;

fn poll() -> Value {
    json!({
        "startDate": 1_700_000_000, "endDate": "1700003600", "mode": 1,
        "tallyProcessingStateTreeDepth": 1, "messageBatchSize": 20, "pollStateTreeDepth": 10, "voteOptionTreeDepth": 2,
        "policy": {
            "policyType": "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllPolicy.sol:FreeForAllPolicy",
            "checkerType": "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllChecker.sol:FreeForAllChecker",
        },
        "initialVoiceCreditsProxy": {
            "factoryType": "ConstantInitialVoiceCreditProxyFactory", "type": "ConstantInitialVoiceCreditProxy",
            "args": { "amount": "100" },
        },
        "voteOptions": "2",
    })
}

#[test]
fn the_documented_request_is_understood_with_numbers_as_numbers_or_texts() {
    let config: PollConfig = serde_json::from_value(poll()).unwrap();
    config.check().unwrap();
    assert_eq!(config.end_date, Number(1_700_003_600));
    assert_eq!(config.shape.policy.kind().unwrap(), Policy::free_for_all());
    let credits = config.shape.initial_voice_credits_proxy.credits().unwrap();
    assert_eq!(credits, VoiceCredits::Constant(100));
}

#[test]
fn what_nobody_knows_is_refused_with_the_number_clients_know() {
    let refused = |pointer: &str, value: &str| {
        let mut request = poll();
        *request.pointer_mut(pointer).unwrap() = json!(value);
        let config: PollConfig = serde_json::from_value(request).unwrap();
        config.check().unwrap_err().code()
    };
    let token = "@excubiae/contracts/contracts/extensions/token/BeautyPolicy.sol:BeautyPolicy";
    assert_eq!(
        refused("/policy/policyType", token),
        Some(LegacyCode::UnsupportedPolicy)
    );
    assert_eq!(
        refused("/initialVoiceCreditsProxy/type", "ERC20VotesInitialVoiceCreditProxy"),
        Some(LegacyCode::UnsupportedVoiceCreditProxy)
    );
    assert_eq!(
        refused(
            "/initialVoiceCreditsProxy/factoryType",
            "MagicInitialVoiceCreditProxyFactory"
        ),
        Some(LegacyCode::UnsupportedVoiceCreditProxyFactory)
    );
}

#[test]
fn a_poll_that_ends_before_it_starts_is_refused() {
    let mut request = poll();
    request["endDate"] = json!(1);
    let config: PollConfig = serde_json::from_value(request).unwrap();
    assert!(matches!(config.check(), Err(ServiceError::Invalid { .. })));
}

#[test]
fn negative_and_broken_numbers_are_refused() {
    for wrong in [json!(-1), json!("1e3"), json!(1.5), json!(" 1"), json!(null)] {
        assert!(serde_json::from_value::<Number>(wrong).is_err());
    }
}

#[test]
fn every_policy_is_understood_by_its_ids_with_the_arguments_clients_send() {
    let at = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    let hash = format!("0x{}", "12".repeat(32));
    for (folder, name, args) in [
        (
            "eas",
            "EAS",
            json!({ "easAddress": at, "schema": hash, "attester": at }),
        ),
        (
            "zupass",
            "Zupass",
            json!({ "signer1": "1", "signer2": "2", "eventId": "3", "zupassVerifier": at }),
        ),
        (
            "hats",
            "Hats",
            json!({ "hatsProtocolAddress": at, "critrionHats": ["1"] }),
        ),
        (
            "hats",
            "Hats",
            json!({ "hatsProtocolAddress": at, "criterionHats": [1, 2], "extra": 1 }),
        ),
        (
            "semaphore",
            "Semaphore",
            json!({ "semaphoreContract": at, "groupId": 1 }),
        ),
        ("merkle", "MerkleProof", json!({ "root": hash })),
        ("token", "Token", json!({ "token": at })),
        (
            "anonAadhaar",
            "AnonAadhaar",
            json!({ "verifier": at, "nullifierSeed": "4" }),
        ),
        (
            "gitcoin",
            "GitcoinPassport",
            json!({ "decoderAddress": at, "passingScore": 5 }),
        ),
        (
            "erc20votes",
            "ERC20Votes",
            json!({ "token": at, "threshold": 1, "snapshotBlock": 2 }),
        ),
        ("erc20", "ERC20", json!({ "token": at, "threshold": 1 })),
        ("freeForAll", "FreeForAll", json!({})),
    ] {
        let id =
            |kind: &str| format!("@excubiae/contracts/contracts/extensions/{folder}/{name}{kind}.sol:{name}{kind}");
        let config = PolicyConfig {
            policy_type: id("Policy"),
            checker_type: id("Checker"),
            args: Some(args),
        };
        assert_eq!(config.kind().unwrap().name().word(), name);
        let mixed = PolicyConfig {
            checker_type: "BeautyChecker".to_owned(),
            ..config.clone()
        };
        assert!(
            matches!(mixed.kind(), Err(ServiceError::UnsupportedPolicy { .. })),
            "{name}"
        );
        let without = PolicyConfig { args: None, ..config };
        let refused = without.kind();
        assert_eq!(refused.is_err(), name != "FreeForAll", "{name}");
        if let Err(error) = refused {
            assert!(error.to_string().contains("/config/policy/args/"), "{error}");
        }
    }
}

#[test]
fn credits_by_token_are_understood() {
    let mut request = poll();
    request["initialVoiceCreditsProxy"] = json!({
        "factoryType": "ERC20VotesInitialVoiceCreditProxyFactory", "type": "ERC20VotesInitialVoiceCreditProxy",
        "args": { "snapshotBlock": 7, "token": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "factor": "10" },
    });
    let config: PollConfig = serde_json::from_value(request).unwrap();
    let credits = config.shape.initial_voice_credits_proxy.credits().unwrap();
    assert!(matches!(credits, VoiceCredits::Erc20Votes { snapshot_block: 7, .. }));
}

#[test]
fn a_place_in_a_description_is_told_as_the_body_s_own() {
    assert_eq!(body_pointer("/polls/0/policy/token"), "/config/policy/args/token");
    assert_eq!(body_pointer("/polls/0/endDate"), "/config/endDate");
    assert_eq!(body_pointer("/maci/stateTreeDepth"), "/config/MACI/stateTreeDepth");
}
