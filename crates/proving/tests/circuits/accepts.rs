//! What the vectors prove, our circuits prove, with the same public values.

use maci_protocol::Mode;
use rayon::prelude::*;
use serde_json::Value;

use crate::circuit::Circuit;
use crate::vectors::{file, fr, inputs, list, parameter, polls, publics, text};

fn of_mode(mode: Mode) -> Vec<Value> {
    let mode = mode as u32;
    let found: Vec<_> = polls()
        .into_iter()
        .filter(|poll| parameter(poll, "mode") == mode)
        .collect();
    assert!(!found.is_empty());
    found
}

fn accepts(circuit: &Circuit, batch: &Value, name: &str) {
    let found = circuit.publics(&inputs(batch));
    assert_eq!(
        found.unwrap_or_else(|error| panic!("{name}: {error:?}")),
        publics(&batch["publicInputs"]),
        "{name}"
    );
}

fn processes(template: &str, mode: Mode) {
    for poll in of_mode(mode) {
        let sizes = ["stateTreeDepth", "messageBatchSize", "voteOptionTreeDepth"];
        let circuit = Circuit::of(template, &sizes.map(|name| parameter(&poll, name)));
        let batches = list(&poll["processBatches"]);
        batches
            .par_iter()
            .for_each(|batch| accepts(circuit, batch, text(&poll["name"])));
    }
}

fn tallies(template: &str, mode: Mode) {
    for poll in of_mode(mode) {
        let sizes = ["stateTreeDepth", "tallyProcessingStateTreeDepth", "voteOptionTreeDepth"];
        let circuit = Circuit::of(template, &sizes.map(|name| parameter(&poll, name)));
        let batches = list(&poll["tallyBatches"]);
        batches
            .par_iter()
            .for_each(|batch| accepts(circuit, batch, text(&poll["name"])));
    }
}

#[test]
fn every_message_batch_of_the_qv_polls_is_proven() {
    processes("MessageProcessorQv", Mode::Qv);
}

#[test]
fn every_message_batch_of_the_non_qv_polls_is_proven() {
    processes("MessageProcessorNonQv", Mode::NonQv);
}

#[test]
fn every_message_batch_of_the_full_polls_is_proven() {
    processes("MessageProcessorFull", Mode::Full);
}

#[test]
fn every_ballot_batch_of_the_qv_polls_is_proven() {
    tallies("VoteTallyQv", Mode::Qv);
}

#[test]
fn every_ballot_batch_of_the_non_qv_and_full_polls_is_proven() {
    tallies("VoteTallyNonQv", Mode::NonQv);
    tallies("VoteTallyNonQv", Mode::Full);
}

#[test]
fn every_voter_of_the_vectors_joins() {
    for poll in list(&file("poll_joining.json")) {
        let depth = poll["stateTreeDepth"].as_u64().unwrap() as u32;
        for voter in list(&poll["joining"]) {
            accepts(Circuit::of("PollJoining", &[depth]), voter, "joining");
        }
        for voter in list(&poll["joined"]) {
            accepts(Circuit::of("PollJoined", &[depth]), voter, "joined");
        }
    }
}

#[test]
fn every_voter_shows_its_leaf_under_the_root_that_the_contract_keeps() {
    let vector = file("poll_joined_subtree.json");
    let depth = vector["stateTreeDepth"].as_u64().unwrap() as u32;
    for voter in list(&vector["users"]) {
        let circuit = Circuit::of("PollJoined", &[depth]);
        accepts(circuit, voter, "joined");
        let index = voter["pollStateIndex"].as_u64().unwrap() as usize;
        assert_eq!(
            fr(&voter["publicInputs"][0]),
            fr(&vector["pollStateRootsOnJoin"][index])
        );
    }
}
