//! The cases in which upstream's library and its circuits part, and those for which it has no witness.

use maci_protocol::replay::ProcessBatch;
use maci_proving::witness::Inputs;
use rayon::prelude::*;
use serde_json::Value;

use crate::circuit::Circuit;
use crate::vectors::{file, fr, list, parameter, replay_divergence, text};

fn cases(name: &str) -> Vec<Value> {
    list(&file(name)["cases"]).to_vec()
}

fn circuit(case: &Value) -> &'static Circuit {
    let template = ["MessageProcessorQv", "MessageProcessorNonQv", "MessageProcessorFull"];
    let mode = parameter(case, "mode") as usize;
    let sizes = ["stateTreeDepth", "messageBatchSize", "voteOptionTreeDepth"];
    Circuit::of(template[mode], &sizes.map(|name| parameter(case, name)))
}

/// Whether our circuits judge a message of this case other than the released ones.
fn hardened(case: &Value) -> bool {
    let named = |names: &[&str]| names.contains(&text(&case["name"]));
    let off_curve_encryption_key = named(&["encryption_key_off_curve", "encryption_key_off_curve_x_zero"]);
    off_curve_encryption_key
        || list(&case["messages"])
            .iter()
            .any(|message| message["circuitVerdict"] == "no witness")
}

fn prove(case: &Value, batch: &ProcessBatch) {
    let inputs = Inputs::from(&batch.statement.inputs());
    let found = circuit(case).publics(&inputs);
    let found = found.unwrap_or_else(|error| panic!("{} {}: {error:?}", case["name"], batch.number));
    assert_eq!(
        found,
        batch.statement.public.elements(),
        "{} {}",
        case["name"],
        batch.number
    );
}

#[test]
fn every_case_is_proven_as_replay_judges_it() {
    for name in ["circuit_divergence.json", "circuit_divergence_v3_release.json"] {
        cases(name).par_iter().for_each(|case| {
            let done = replay_divergence(case);
            assert_eq!(done.process.len(), list(&case["messages"]).len());
            for batch in &done.process {
                prove(case, batch);
            }
        });
    }
}

#[test]
fn where_the_released_circuits_have_a_witness_ours_gives_the_same_public_values() {
    let mut compared = 0;
    for name in ["circuit_divergence.json", "circuit_divergence_v3_release.json"] {
        for case in cases(name).iter().filter(|case| !hardened(case)) {
            for batch in list(&case["processBatches"]) {
                let inputs = Inputs::from_json(&batch["circuitInputs"]).unwrap();
                let found = circuit(case).publics(&inputs);
                let found = found.unwrap_or_else(|error| panic!("{}: {error:?}", case["name"]));
                assert_eq!(
                    found[6],
                    fr(&batch["circuitInputs"]["newSbCommitment"]),
                    "{}",
                    case["name"]
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn what_the_released_circuits_cannot_prove_is_proven_to_change_nothing() {
    let mut seen = 0;
    for case in cases("circuit_divergence_v3_release.json")
        .iter()
        .filter(|case| hardened(case))
    {
        let done = replay_divergence(case);
        for batch in &done.process {
            for judged in &batch.verdicts {
                let message = &case["messages"][judged.index.0 as usize];
                let upstream = message["circuitVerdict"].as_str().unwrap_or("valid");
                let off_curve = !batch.statement.private.slots[0]
                    .message
                    .encryption_public_key
                    .is_on_curve();
                if upstream == "no witness" || off_curve {
                    assert!(!judged.verdict.is_valid(), "{}", case["name"]);
                    assert_eq!(batch.state_root_after, batch.statement.private.current_state_root);
                    assert_eq!(batch.ballot_root_after, batch.statement.private.current_ballot_root);
                    prove(case, batch);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}
