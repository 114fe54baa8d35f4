//! Whole polls: from joins and messages to the arguments that publish the result.

use maci_crypto::Fr;
use maci_crypto::field::fr_to_decimal;
use maci_crypto::keys::PublicKey;
use maci_protocol::files::TallyFile;
use maci_protocol::salts::{InjectedSalts, SaltRole};
use maci_protocol::*;
use serde::Serialize;
use serde_json::{Value, json};

use crate::reading::{file, folder, fr, frs, message, number, point, private_key, private_key_from_decimal};

/// The poll of a vector, its key and the salts that upstream drew for it.
pub(crate) struct Case {
    pub(crate) vector: Value,
    pub(crate) state: PollState,
    pub(crate) key: CoordinatorKey,
    pub(crate) salts: InjectedSalts<DerivedSalts>,
}

pub(crate) fn all() -> Vec<Value> {
    let mut names: Vec<_> = std::fs::read_dir(folder().join("polls"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names.iter().map(|name| file(&format!("polls/{name}"))).collect()
}

/// Parameters as a vector gives them; the tiny polls have no tally depth.
pub(crate) fn config(vector: &Value) -> PollConfig {
    let params = &vector["params"];
    let small = |name: &str| u8::try_from(number(&params[name])).unwrap();
    let tally = params["tallyProcessingStateTreeDepth"].as_u64().unwrap_or(1) as u8;
    PollConfig::new(PollParameters {
        poll: PollRef {
            chain: ChainId(31337),
            maci: EthAddress([0x11; 20]),
            poll: PollId(number(&params["pollId"])),
        },
        mode: small("mode").try_into().unwrap(),
        depths: TreeDepths::new(tally, small("voteOptionTreeDepth"), small("stateTreeDepth")).unwrap(),
        message_batch_size: small("messageBatchSize"),
        vote_options: number(&params["voteOptions"]),
        coordinator_public_key: PublicKey::parse(vector["coordinator"]["publicKeySerialized"].as_str().unwrap())
            .unwrap(),
    })
    .unwrap()
}

pub(crate) fn events(vector: &Value) -> Vec<PollEvent> {
    let mut joins: Vec<PollEvent> = vector["joins"].as_array().unwrap()[1..]
        .iter()
        .map(|join| PollEvent::Joined {
            index: StateIndex(number(&join["pollStateIndex"])),
            leaf: StateLeaf {
                public_key: point(&join["publicKey"]),
                voice_credit_balance: fr(&join["voiceCreditBalance"]),
            },
        })
        .collect();
    let messages = vector["messages"].as_array().unwrap().iter();
    joins.extend(messages.map(|m| PollEvent::Message(message(&m["data"], &m["encryptionPublicKey"]))));
    joins
}

pub(crate) fn case(vector: Value) -> Case {
    let config = config(&vector);
    let private = private_key(&vector["coordinator"]["privateKeySerialized"]);
    let mut salts = InjectedSalts::new(DerivedSalts::new(&private, config.poll()));
    let batches = vector["processBatches"].as_array().unwrap();
    for (batch, number) in batches.iter().rev().zip(1..) {
        salts.set(
            SaltRole::StateAndBallots,
            number,
            fr(&batch["circuitInputs"]["newSbSalt"]),
        );
        if batch["paddingPrivateKeyRaw"].is_string() {
            salts.set_padding_key(number, private_key_from_decimal(&batch["paddingPrivateKeyRaw"]));
        }
    }
    for (batch, number) in vector["tallyBatches"].as_array().unwrap().iter().zip(0..) {
        let inputs = statement::CircuitInputs::from_json(&batch["circuitInputs"]).unwrap();
        salts.add_tally_inputs(number, &inputs).unwrap();
    }
    let key = CoordinatorKey::new(private, &config).unwrap();
    let state = PollState::replay(config, events(&vector)).unwrap();
    Case {
        vector,
        state,
        key,
        salts,
    }
}

pub(crate) fn decimals(values: &[Fr]) -> Value {
    values.iter().map(fr_to_decimal).collect()
}

#[test]
fn the_state_before_processing_is_the_contracts() {
    for vector in all() {
        let Case { vector, state, .. } = case(vector);
        let initial = &vector["initial"];
        assert_eq!(
            state.leaves().len() as u64,
            number(&initial["totalSignups"]),
            "{}",
            vector["name"]
        );
        assert_eq!(state.chain().len(), number(&initial["numMessages"]));
        assert_eq!(
            u64::from(state.actual_state_tree_depth()),
            number(&initial["actualStateTreeDepth"])
        );
        assert_eq!(state.state_root(), fr(&initial["stateRoot"]));
        assert_eq!(state.empty_ballot_root(), fr(&initial["emptyBallotRoot"]));
        assert_eq!(state.initial_sb_commitment(), fr(&initial["currentSbCommitment"]));
        assert_eq!(state.chain().head(), fr(&initial["chainHash"]));
        assert_eq!(state.chain().batch_hashes(), frs(&initial["batchHashesBeforePadding"]));
        assert_eq!(state.chain().padded_batch_hashes(), frs(&vector["batchHashes"]));
        for message in vector["messages"].as_array().unwrap() {
            let after = number(&message["index"]) + 1;
            assert_eq!(state.chain().after(after), Some(fr(&message["chainHashAfter"])));
        }
    }
}

#[test]
fn every_processing_batch_is_upstreams_field_by_field() {
    for vector in all() {
        let Case {
            vector,
            state,
            key,
            salts,
        } = case(vector);
        for profile in [Profile::September, Profile::Release, Profile::Hardened] {
            let done = finalise(&state, &key, profile, &salts).unwrap();
            let expected = vector["processBatches"].as_array().unwrap();
            assert_eq!(done.process.len(), expected.len());
            for (batch, expected) in done.process.iter().zip(expected) {
                let name = format!("{} {}", vector["name"], expected["proofFile"]);
                for (judged, expected) in batch
                    .verdicts
                    .iter()
                    .zip(expected["verdictsInProcessingOrder"].as_array().unwrap())
                {
                    assert_eq!(judged.index.0, number(&expected["index"]), "{name}");
                    let verdict = expected["verdict"].as_str().unwrap();
                    assert_eq!(judged.verdict.is_valid(), verdict == "valid", "{name} {}", judged.index);
                    if !verdict.starts_with("failed decryption") {
                        assert_eq!(judged.verdict.to_string(), verdict, "{name} {}", judged.index);
                    }
                }
                let inputs = batch.statement.inputs().to_json();
                for (signal, values) in expected["circuitInputs"].as_object().unwrap() {
                    assert_eq!(&inputs[signal], values, "{name} {signal}");
                }
                assert_eq!(inputs, expected["circuitInputs"], "{name}");
                assert_eq!(
                    decimals(&batch.statement.public.elements()),
                    expected["publicInputs"],
                    "{name}"
                );
                assert_eq!(batch.state_root_after, fr(&expected["stateRootAfter"]), "{name}");
                assert_eq!(batch.ballot_root_after, fr(&expected["ballotRootAfter"]), "{name}");
                assert_eq!(batch.statement.holds(profile), Ok(()), "{name}");
            }
        }
    }
}

#[test]
fn the_state_after_processing_is_upstreams() {
    for vector in all() {
        let Case {
            vector,
            state,
            key,
            salts,
        } = case(vector);
        let done = finalise(&state, &key, Profile::Hardened, &salts).unwrap().final_state;
        let expected = &vector["afterProcessing"];
        assert_eq!(done.state_root, fr(&expected["stateRoot"]));
        assert_eq!(done.ballot_root, fr(&expected["ballotRoot"]));
        assert_eq!(done.sb_salt, fr(&expected["sbSalt"]));
        let leaves: Vec<Value> = done.leaves.iter().map(|leaf| decimals(&leaf.elements())).collect();
        assert_eq!(json!(leaves), expected["stateLeaves"], "{}", vector["name"]);
        let ballots = expected["ballots"].as_array().unwrap();
        assert_eq!(done.ballots.len(), ballots.len());
        for ((ballot, root), expected) in done.ballots.iter().zip(&done.vote_roots).zip(ballots) {
            assert_eq!(ballot.nonce, number(&expected["nonce"]));
            assert_eq!(*root, fr(&expected["voteOptionRoot"]));
            assert_eq!(vote::ballot_hash(ballot.nonce, *root), fr(&expected["hash"]));
            let votes = expected["votes"].as_array().unwrap();
            assert_eq!(decimals(&ballot.dense_votes(votes.len())), expected["votes"]);
        }
    }
}

#[test]
fn every_tally_batch_is_upstreams_field_by_field() {
    for vector in all() {
        let Case {
            vector,
            state,
            key,
            salts,
        } = case(vector);
        let done = finalise(&state, &key, Profile::Hardened, &salts).unwrap();
        let expected = vector["tallyBatches"].as_array().unwrap();
        assert_eq!(done.tally.len(), expected.len());
        for (batch, expected) in done.tally.iter().zip(expected) {
            let name = format!("{} {}", vector["name"], expected["proofFile"]);
            assert_eq!(batch.statement.inputs().to_json(), expected["circuitInputs"], "{name}");
            assert_eq!(
                decimals(&batch.statement.public.elements()),
                expected["publicInputs"],
                "{name}"
            );
            assert_eq!(batch.statement.holds(), Ok(()), "{name}");
        }
    }
}

#[test]
fn the_published_result_is_upstreams() {
    for vector in all() {
        let Case {
            vector,
            state,
            key,
            salts,
        } = case(vector);
        let result = finalise(&state, &key, Profile::Hardened, &salts).unwrap().result;
        let call = result.add_results(0..state.config().vote_options()).unwrap();
        let proofs: Vec<Vec<Value>> = call
            .tally_result_proofs
            .iter()
            .map(|proof| proof.iter().map(|level| decimals(level)).collect())
            .collect();
        let ours = json!({
            "voteOptionIndices": call.vote_option_indices,
            "tallyResults": decimals(&call.tally_results),
            "tallyResultProofs": proofs,
            "totalSpent": fr_to_decimal(&call.total_spent),
            "totalSpentSalt": fr_to_decimal(&call.total_spent_salt),
            "tallyResultSalt": fr_to_decimal(&call.tally_result_salt),
            "newResultsCommitment": fr_to_decimal(&call.new_results_commitment),
            "spentVoiceCreditsHash": fr_to_decimal(&call.spent_voice_credits_hash),
            "perVOSpentVoiceCreditsHash": fr_to_decimal(&call.per_vo_spent_voice_credits_hash),
        });
        assert_eq!(ours, vector["addTallyResults"], "{}", vector["name"]);
    }
}

#[test]
fn the_tally_file_is_upstreams_character_by_character() {
    for vector in all() {
        let Case {
            vector,
            state,
            key,
            salts,
        } = case(vector);
        let result = finalise(&state, &key, Profile::Hardened, &salts).unwrap().result;
        let expected = &vector["tallyJson"];
        let ours = TallyFile::new(
            &result,
            expected["maci"].as_str().unwrap().parse().unwrap(),
            state.config().poll().poll,
            expected["network"].as_str().unwrap(),
            expected["chainId"].as_str().map(|id| id.parse().unwrap()),
            expected["tallyAddress"].as_str().unwrap().parse().unwrap(),
        );
        let mut text = Vec::new();
        let style = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        expected
            .serialize(&mut serde_json::Serializer::with_formatter(&mut text, style))
            .unwrap();
        assert_eq!(
            ours.to_text().unwrap(),
            String::from_utf8(text).unwrap(),
            "{}",
            vector["name"]
        );
        assert_eq!(
            ours.check(state.config().depths().vote_option_tree()),
            Ok(result.commitments)
        );
    }
}
