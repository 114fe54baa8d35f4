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
    assert_eq!(config.shape.policy.kind().unwrap(), PolicyKind::FreeForAll);
    let credits = config.shape.initial_voice_credits_proxy.credits().unwrap();
    assert_eq!(credits, VoiceCredits::Constant(100));
}

#[test]
fn what_cannot_be_deployed_yet_is_refused_with_the_number_clients_know() {
    let refused = |pointer: &str, value: &str| {
        let mut request = poll();
        *request.pointer_mut(pointer).unwrap() = json!(value);
        let config: PollConfig = serde_json::from_value(request).unwrap();
        config.check().unwrap_err().code()
    };
    let token = "@excubiae/contracts/contracts/extensions/token/TokenPolicy.sol:TokenPolicy";
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
            "ERC20VotesInitialVoiceCreditProxyFactory"
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
