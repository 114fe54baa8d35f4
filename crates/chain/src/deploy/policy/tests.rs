use std::path::PathBuf;

use alloy::primitives::U256;
use maci_protocol::ids::EthAddress;
use serde_json::{Value, json};

use super::*;
use crate::artifacts::Artifacts;

fn read(name: PolicyName, given: &Value) -> Result<Policy, Vec<String>> {
    let read = Policy::read(name, given.as_object().unwrap(), "/policy", &["type"]);
    read.map_err(|complaints| complaints.iter().map(ToString::to_string).collect())
}

#[test]
fn every_row_is_as_the_official_artifacts_say() {
    let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let artifacts = Artifacts::open(&contracts).unwrap();
    for name in PolicyName::ALL {
        let checkers = artifacts.contract(name.checker_factory()).unwrap();
        let [deploy] = checkers.abi().functions["deploy"].as_slice() else {
            panic!("{name}: several deploy functions");
        };
        assert_eq!(deploy.signature(), name.checker_signature());
        assert_eq!(deploy.selector().0, name.checker_selector());
        let policies = artifacts.contract(name.policy_factory()).unwrap();
        assert_eq!(
            policies.abi().functions["deploy"][0].signature(),
            "deploy(address)",
            "{name}"
        );
        for made in [name.checker_factory(), name.policy_factory()] {
            assert!(made_by(made).ends_with(&made.name.replace("Factory", "")), "{name}");
        }
    }
    assert_eq!(PolicyName::ALL.len(), 11);
}

#[test]
fn a_policy_is_found_by_every_spelling_in_use() {
    for name in ["ERC20Votes", "erc20votes", "ERC20VotesPolicy", "ERC20VotesChecker"] {
        assert_eq!(PolicyName::named(name), Some(PolicyName::Erc20Votes), "{name}");
    }
    assert_eq!(PolicyName::named("EverybodyPolicy"), None);
}

#[test]
fn both_spellings_of_hats_are_read_and_encoded_alike() {
    let at = EthAddress([7; 20]);
    let [right, wrong] = ["criterionHats", "critrionHats"].map(|field| {
        let given = json!({ "type": "Hats", "hatsProtocolAddress": at, field: [1, "0x10"] });
        read(PolicyName::Hats, &given).unwrap().checker_call()
    });
    assert_eq!(right, wrong);
    let words: Vec<U256> = right[4..].chunks(32).map(U256::from_be_slice).collect();
    assert_eq!(words[1..], [64, 2, 1, 16].map(U256::from));
}

#[test]
fn an_event_of_zupass_may_be_named_by_its_uuid() {
    let given = json!({
        "eventId": "00000000-0000-0000-0000-00000000002a", "signer1": "1", "signer2": 2,
        "zupassVerifier": EthAddress([9; 20]),
    });
    let policy = read(PolicyName::Zupass, &given).unwrap();
    assert_eq!(U256::from_be_slice(&policy.checker_call()[4..36]), U256::from(42));
    let outside: Vec<_> = policy.outside_contracts().collect();
    assert_eq!(outside, [("zupassVerifier", EthAddress([9; 20]))]);
}

#[test]
fn every_missing_wrong_and_unknown_argument_is_named_by_its_place() {
    let given = json!({ "easAddress": "0x12", "schema": format!("0x{}", "0".repeat(64)), "skema": 1 });
    let complaints = read(PolicyName::Eas, &given).unwrap_err();
    assert_eq!(complaints.len(), 4, "{complaints:?}");
    assert!(complaints[0].starts_with("/policy/easAddress must be an address"));
    assert!(
        complaints[1].starts_with("/policy/attester is missing: the EAS policy needs"),
        "{complaints:?}"
    );
    assert!(complaints[2].starts_with("/policy/schema must be 0x"));
    assert!(complaints[3].starts_with("/policy/skema is not known: the EAS policy takes easAddress, attester, schema"));
}

#[test]
fn numbers_beyond_256_bits_and_signed_ones_are_refused() {
    let at = EthAddress([7; 20]);
    for wrong in [
        json!(-1),
        json!("0x"),
        json!("1e3"),
        json!(1.5),
        json!("9".repeat(90)),
        json!(null),
    ] {
        let given = json!({ "token": at, "threshold": wrong });
        assert!(read(PolicyName::Erc20, &given).is_err(), "{wrong}");
    }
    let hats = json!({ "hatsProtocolAddress": at, "criterionHats": [] });
    assert!(read(PolicyName::Hats, &hats).is_err());
}
