//! No input can be changed: any other value of any of them leaves no witness.
//!
//! What may differ, with the reason, is named in [`binds`].

use ark_bn254::Fr;
use maci_proving::witness::Inputs;
use rayon::prelude::*;
use serde_json::Value;

use crate::circuit::Circuit;
use crate::vectors::{file, inputs, list, number, text};

/// Inputs as a list of signals that can be changed.
type Signals = Vec<(String, Vec<Fr>)>;

fn signals(batch: &Value) -> Signals {
    let inputs = inputs(batch);
    inputs
        .iter()
        .map(|(name, values)| (name.to_owned(), values.to_vec()))
        .collect()
}

fn with(signals: &Signals, name: &str, index: usize, value: Fr) -> Inputs {
    let mut changed = signals.clone();
    let signal = changed.iter_mut().find(|(known, _)| known == name).unwrap();
    signal.1[index] = value;
    changed.into_iter().collect()
}

/// Whether a circuit binds an element of an input. It does not bind
/// - siblings above the depth that the tree has: the path has ended below them, upstream fills in zeros;
/// - messages and encryption keys in slots behind the batch's last message: they are not in the chain, and
///   whatever they say, they do not count;
/// - `totalSignups` and `voteOptions`, which the contract supplies: they are bounds, and a statement may
///   hold for several; `bounds_are_kept` changes them to where it does not.
fn binds(template: &str, batch: &Value, name: &str, index: usize) -> bool {
    let inputs = &batch["circuitInputs"];
    let depth = || number(&inputs["actualStateTreeDepth"]) as usize;
    let messages = || (number(&inputs["batchEndIndex"]) - number(&inputs["index"])) as usize;
    match (template, name) {
        ("PollJoining", "siblings") | ("PollJoined", "pathElements") => index < depth(),
        (_, "currentStateLeavesPathElements") => {
            let levels = list(&inputs[name][0]).len();
            index % levels < depth()
        }
        (_, "messages") => index / 10 < messages(),
        (_, "encryptionPublicKeys") => index / 2 < messages(),
        (_, "totalSignups" | "voteOptions") => false,
        _ => true,
    }
}

/// Changes every input in two ways and counts those that are bound.
fn nothing_can_be_changed(template: &str, parameters: &[u32], batch: &Value) {
    let circuit = Circuit::of(template, parameters);
    let signals = signals(batch);
    circuit.publics(&signals.iter().cloned().collect()).unwrap();
    let elements: Vec<(&str, usize, Fr)> = signals
        .iter()
        .flat_map(|(name, values)| {
            values
                .iter()
                .enumerate()
                .map(move |(index, value)| (name.as_str(), index, *value))
        })
        .collect();
    elements.par_iter().for_each(|&(name, index, value)| {
        let changed = with(&signals, name, index, value + Fr::from(1u64));
        if binds(template, batch, name, index) {
            assert!(
                circuit.publics(&changed).is_err(),
                "{template}: {name}[{index}] can be changed"
            );
        } else if !matches!(name, "totalSignups" | "voteOptions") {
            assert!(
                circuit.publics(&changed).is_ok(),
                "{template}: {name}[{index}] is bound after all"
            );
        }
    });
}

fn poll(name: &str) -> Value {
    file(&format!("polls/{name}.json"))
}

fn divergence_case(name: &str) -> Value {
    let cases = file("circuit_divergence_v3_release.json");
    let found = list(&cases["cases"]).iter().find(|case| text(&case["name"]) == name);
    found.unwrap().clone()
}

#[test]
fn a_batch_with_padding_valid_and_invalid_messages() {
    // The last batch of the poll, proven first: it is not full.
    nothing_can_be_changed(
        "MessageProcessorQv",
        &[10, 5, 2],
        &poll("qv_b5_mixed")["processBatches"][0],
    );
}

#[test]
fn a_valid_vote_in_each_mode() {
    let valid = divergence_case("r8_identity");
    nothing_can_be_changed("MessageProcessorQv", &[3, 1, 1], &valid["processBatches"][0]);
    let full = divergence_case("full_revote_zero_elsewhere");
    nothing_can_be_changed("MessageProcessorFull", &[3, 1, 1], &full["processBatches"][1]);
}

#[test]
fn an_invalid_vote() {
    let invalid = divergence_case("s_largest");
    nothing_can_be_changed("MessageProcessorQv", &[3, 1, 1], &invalid["processBatches"][0]);
}

#[test]
fn the_first_and_a_later_tally_batch() {
    let qv = poll("qv_b5_mixed");
    let non_qv = poll("nonqv_b5_mixed");
    for number in [0, 1] {
        nothing_can_be_changed("VoteTallyQv", &[10, 1, 2], &qv["tallyBatches"][number]);
        nothing_can_be_changed("VoteTallyNonQv", &[10, 1, 2], &non_qv["tallyBatches"][number]);
    }
}

#[test]
fn a_voter_that_joins_and_one_that_has_joined() {
    for poll in list(&file("poll_joining.json")) {
        let last = |kind: &str| list(&poll[kind]).last().unwrap().clone();
        nothing_can_be_changed("PollJoining", &[10], &last("joining"));
        nothing_can_be_changed("PollJoined", &[10], &last("joined"));
    }
    for voter in list(&file("poll_joined_subtree.json")["users"]) {
        nothing_can_be_changed("PollJoined", &[10], voter);
    }
}

#[test]
fn bounds_are_kept() {
    let minus_one = -Fr::from(1u64);
    let refuses = |template, parameters: &[u32], batch: &Value, name, values: &[Fr]| {
        let signals = signals(batch);
        for value in values {
            let changed = Circuit::of(template, parameters).publics(&with(&signals, name, 0, *value));
            assert!(changed.is_err(), "{template}: {name} can be {value}");
        }
    };
    let small = |value: u64| Fr::from(value);
    // A valid vote of leaf 1 for an option of a poll with trees of 8 leaves and 5 options.
    let process = &divergence_case("r8_identity")["processBatches"][0];
    let signups = [small(0), small(1), small(9), small(1 << 32), minus_one];
    refuses("MessageProcessorQv", &[3, 1, 1], process, "totalSignups", &signups);
    refuses(
        "MessageProcessorQv",
        &[3, 1, 1],
        process,
        "voteOptions",
        &[small(0), small(6), minus_one],
    );
    // The tally batch that begins at ballot 2.
    let tally = &poll("qv_b5_mixed")["tallyBatches"][1];
    let signups = [small(0), small(1), small(1 << 32), minus_one];
    refuses("VoteTallyQv", &[10, 1, 2], tally, "totalSignups", &signups);
    refuses(
        "VoteTallyQv",
        &[10, 1, 2],
        tally,
        "index",
        &[small(3), small(1 << 10), minus_one],
    );
}

#[test]
fn a_valid_message_behind_the_batchs_end_changes_nothing() {
    // The batch ends before its only slot: the chain stands still, and the vote in the slot must not count.
    let case = divergence_case("r8_identity");
    let batch = &case["processBatches"][0];
    let value = |name: &str| signals(batch).into_iter().find(|(known, _)| known == name).unwrap().1[0];
    let mut ended = signals(batch);
    for (name, values) in &mut ended {
        match name.as_str() {
            "batchEndIndex" => values[0] = value("index"),
            "outputBatchHash" => values[0] = value("inputBatchHash"),
            _ => {}
        }
    }
    let circuit = Circuit::of("MessageProcessorQv", &[3, 1, 1]);
    assert!(circuit.publics(&ended.into_iter().collect()).is_err());
}
