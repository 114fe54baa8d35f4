//! The cases in which upstream's library and its circuits disagree, and those without a witness.

use maci_protocol::replay::unprovable_messages;
use maci_protocol::salts::SaltRole;
use maci_protocol::verdict::Verdict;
use maci_protocol::*;
use serde_json::{Value, json};

use crate::polls::{config, decimals};
use crate::reading::{file, fr, leaf, message, number, point, private_key};

struct Case {
    name: String,
    vector: Value,
    state: PollState,
    key: CoordinatorKey,
    salts: InjectedSalts<DerivedSalts>,
}

fn cases(name: &str) -> Vec<Case> {
    file(name)["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|vector| case(vector.clone()))
        .collect()
}

fn case(vector: Value) -> Case {
    let config = config(&vector);
    let user = StateLeaf {
        public_key: point(&vector["user"]["publicKey"]),
        voice_credit_balance: fr(&vector["voiceCredits"]),
    };
    let mut events = vec![PollEvent::Joined {
        index: StateIndex(1),
        leaf: user,
    }];
    let messages = vector["messages"].as_array().unwrap();
    events.extend(
        messages
            .iter()
            .map(|m| PollEvent::Message(message(&m["data"], &m["encryptionPublicKey"]))),
    );
    let private = private_key(&vector["coordinator"]["privateKeySerialized"]);
    let mut salts = InjectedSalts::new(DerivedSalts::new(&private, config.poll()));
    // One message per batch, the last one proven first.
    for (batch, number) in vector["processBatches"]
        .as_array()
        .unwrap()
        .iter()
        .zip((1..=messages.len() as u64).rev())
    {
        salts.set(
            SaltRole::StateAndBallots,
            number,
            fr(&batch["circuitInputs"]["newSbSalt"]),
        );
    }
    let key = CoordinatorKey::new(private, &config).unwrap();
    let name = vector["name"].as_str().unwrap().to_owned();
    let state = PollState::replay(config, events).unwrap();
    Case {
        name,
        vector,
        state,
        key,
        salts,
    }
}

fn compare(case: &Case, profile: Profile) {
    let Case {
        name,
        vector,
        state,
        key,
        salts,
    } = case;
    assert_eq!(
        state.initial_sb_commitment(),
        fr(&vector["initialSbCommitment"]),
        "{name}"
    );
    let done = finalise(state, key, profile, salts).unwrap();
    for (batch, expected) in done.process.iter().zip(vector["processBatches"].as_array().unwrap()) {
        assert_eq!(
            batch.statement.inputs().to_json(),
            expected["circuitInputs"],
            "{name} {}",
            batch.number
        );
        if expected["publicInputs"].is_array() {
            assert_eq!(
                decimals(&batch.statement.public.elements()),
                expected["publicInputs"],
                "{name}"
            );
        }
        assert_eq!(batch.statement.holds(profile), Ok(()), "{name}");
    }
    let verdicts = done.process.iter().flat_map(|batch| &batch.verdicts);
    for judged in verdicts {
        let expected = &vector["messages"][judged.index.0 as usize];
        let expected = expected.get("circuitVerdict").unwrap_or(&expected["verdict"]);
        assert_eq!(
            judged.verdict.to_string(),
            expected.as_str().unwrap(),
            "{name} message {}",
            judged.index
        );
    }
    let leaves: Vec<Value> = done
        .final_state
        .leaves
        .iter()
        .map(|leaf| decimals(&leaf.elements()))
        .collect();
    assert_eq!(json!(leaves), vector["after"]["stateLeaves"], "{name}");
    for (ballot, expected) in done
        .final_state
        .ballots
        .iter()
        .zip(vector["after"]["ballots"].as_array().unwrap())
    {
        assert_eq!(ballot.nonce, number(&expected["nonce"]), "{name}");
        let votes = expected["votes"].as_array().unwrap();
        assert_eq!(decimals(&ballot.dense_votes(votes.len())), expected["votes"], "{name}");
    }
    assert_eq!(leaf(&vector["after"]["stateLeaves"][0]), StateLeaf::BLANK);
}

fn unprovable(case: &Case) -> Option<u64> {
    let messages = case.vector["messages"].as_array().unwrap();
    let found = messages
        .iter()
        .position(|message| message["circuitVerdict"] == "no witness");
    found.map(|index| index as u64)
}

#[test]
fn septembers_cases_come_out_as_septembers_circuits_say() {
    for case in cases("circuit_divergence.json") {
        compare(&case, Profile::September);
        compare(&case, Profile::Release);
    }
}

#[test]
fn the_releases_cases_come_out_as_its_circuits_say() {
    for case in cases("circuit_divergence_v3_release.json") {
        match unprovable(&case) {
            None => compare(&case, Profile::Release),
            Some(index) => {
                let error = finalise(&case.state, &case.key, Profile::Release, &case.salts).unwrap_err();
                let ReplayError::Unprovable { messages, first, .. } = error else {
                    panic!("{}: {error}", case.name)
                };
                assert!(
                    messages.iter().any(|message| message.index.0 == index),
                    "{}: {messages:?}",
                    case.name
                );
                assert!(messages.contains(&first));
                let found = unprovable_messages(&case.state, &case.key, Profile::Release).unwrap();
                assert_eq!(found, messages, "{}", case.name);
            }
        }
    }
}

#[test]
fn what_the_release_cannot_prove_is_provably_invalid_when_hardened() {
    let mut seen = 0;
    for case in cases("circuit_divergence_v3_release.json") {
        let Some(index) = unprovable(&case) else { continue };
        let done = finalise(&case.state, &case.key, Profile::Hardened, &case.salts).unwrap();
        for batch in &done.process {
            assert_eq!(batch.statement.holds(Profile::Hardened), Ok(()), "{}", case.name);
        }
        let mut verdicts = done.process.iter().flat_map(|batch| &batch.verdicts);
        let judged = verdicts.find(|judged| judged.index.0 == index).unwrap();
        assert!(matches!(judged.verdict, Verdict::Invalid(_)), "{}", case.name);
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn on_points_of_the_curve_the_hardened_verdict_is_the_releases() {
    for case in cases("circuit_divergence_v3_release.json") {
        let off_curve_encryption = case
            .state
            .messages()
            .iter()
            .any(|m| !m.encryption_public_key.is_on_curve());
        if unprovable(&case).is_none() && !off_curve_encryption {
            compare(&case, Profile::Hardened);
        }
    }
}

#[test]
fn an_encryption_key_off_the_curve_is_invalid_when_hardened() {
    for case in cases("circuit_divergence_v3_release.json") {
        let done = finalise(&case.state, &case.key, Profile::Hardened, &case.salts).unwrap();
        for judged in done.process.iter().flat_map(|batch| &batch.verdicts) {
            let message = &case.state.messages()[judged.index.0 as usize];
            if !message.encryption_public_key.is_on_curve() {
                assert!(matches!(judged.verdict, Verdict::Invalid(_)), "{}", case.name);
            }
        }
    }
}
