//! The inputs fix every wire: no prover has a choice.
//!
//! At a witness, let the inputs stand still and ask which other wires could take other values. A constraint that
//! only one of them can affect holds that wire to one value or two, and so on until nothing is left; where several
//! linear ones hold several wires together, elimination shows it. A wire that no constraint holds would be the
//! prover's to choose. The only ones are the hints of circomlib's `IsZero` where the value *is* zero: they are
//! multiplied by that zero.

mod loose;

use std::collections::BTreeMap;

use ark_bn254::Fr;
use loose::loose_wires;
use maci_crypto::adversarial;
use maci_crypto::curve::Point;
use maci_protocol::Mode;
use maci_proving::witness::{Inputs, Witness};
use serde_json::Value;

use crate::attempt::Attempt;
use crate::circuit::Circuit;
use crate::vectors::{file, inputs, list};

/// The names of some wires.
fn names(circuit: &Circuit, wires: &[u32]) -> Vec<String> {
    let symbols = std::fs::read_to_string(circuit.files.symbols()).unwrap();
    let by_label: BTreeMap<u64, &str> = symbols
        .lines()
        .map(|line| {
            let mut columns = line.split(',');
            (columns.next().unwrap().parse().unwrap(), columns.nth(2).unwrap())
        })
        .collect();
    let name = |&wire: &u32| by_label[&circuit.r1cs.labels[wire as usize]].to_owned();
    wires.iter().map(name).collect()
}

fn every_wire_is_fixed(circuit: &Circuit, inputs: &Inputs) {
    let witness = circuit.witness(inputs).unwrap();
    let loose = loose_wires(&circuit.r1cs, &witness);
    let mut chosen = names(circuit, &loose);
    chosen.retain(|name| !name.ends_with(".inv"));
    assert!(
        chosen.is_empty(),
        "{}: the prover's to choose: {chosen:#?}",
        circuit.files.name
    );
    every_wire_is_watched(circuit, &witness, &loose);
}

/// Changing any one wire breaks a constraint.
fn every_wire_is_watched(circuit: &Circuit, witness: &Witness, loose: &[u32]) {
    let r1cs = &circuit.r1cs;
    let mut rows_of = vec![Vec::new(); r1cs.shape.wires as usize];
    for rows in [&r1cs.a, &r1cs.b, &r1cs.c] {
        for (number, row) in rows.iter().enumerate() {
            for term in row {
                rows_of[term.wire as usize].push(number);
            }
        }
    }
    let mut values = witness.values().to_vec();
    let holds = |row: usize, values: &[Fr]| {
        let [a, b, c] = [&r1cs.a, &r1cs.b, &r1cs.c].map(|rows| -> Fr {
            let terms = rows.row(row).iter();
            terms
                .map(|term| values[term.wire as usize] * r1cs.coefficients[term.coefficient as usize])
                .sum()
        });
        a * b == c
    };
    for wire in (1..r1cs.shape.wires).filter(|wire| !loose.contains(wire)) {
        let at = wire as usize;
        let honest = values[at];
        let one = Fr::from(1u64);
        // The other bit, the negative, the neighbours.
        for other in [one - honest, -honest, honest + one, honest - one] {
            if other != honest {
                values[at] = other;
                assert!(
                    rows_of[at].iter().any(|&row| !holds(row, &values)),
                    "{}: {:?} can be changed alone",
                    circuit.files.name,
                    names(circuit, &[wire]),
                );
            }
        }
        values[at] = honest;
    }
}

fn process(template: &str, attempt: &Attempt) {
    let (statement, _) = attempt.judge();
    every_wire_is_fixed(Circuit::of(template, &[3, 1, 1]), &Inputs::from(&statement.inputs()));
}

#[test]
fn in_a_valid_message() {
    process("MessageProcessorQv", &Attempt::honest(Mode::Qv));
    process("MessageProcessorNonQv", &Attempt::honest(Mode::NonQv));
    process("MessageProcessorFull", &Attempt::honest(Mode::Full));
}

#[test]
fn in_a_message_whose_keys_are_replaced_by_substitutes() {
    let honest = Attempt::honest(Mode::Qv);
    for point in [
        adversarial::order_four(),
        adversarial::poisoned_y_one(),
        Point::IDENTITY,
    ] {
        process(
            "MessageProcessorQv",
            &honest.clone().with_encryption(point, Point::IDENTITY),
        );
        process("MessageProcessorQv", &honest.clone().with_leaf(point));
    }
}

#[test]
fn in_a_message_with_a_huge_balance() {
    let balance = -Fr::from(1u64);
    process("MessageProcessorQv", &Attempt::honest(Mode::Qv).with_balance(balance));
    process(
        "MessageProcessorNonQv",
        &Attempt::honest(Mode::NonQv).with_balance(balance),
    );
}

#[test]
fn in_tallies() {
    for (template, poll) in [("VoteTallyQv", "qv_b5_mixed"), ("VoteTallyNonQv", "nonqv_b5_mixed")] {
        let poll = file(&format!("polls/{poll}.json"));
        for batch in list(&poll["tallyBatches"]) {
            every_wire_is_fixed(Circuit::of(template, &[10, 1, 2]), &inputs(batch));
        }
    }
}

#[test]
fn in_joining() {
    let last = |voters: &Value| inputs(list(voters).last().unwrap());
    for poll in list(&file("poll_joining.json")) {
        every_wire_is_fixed(Circuit::of("PollJoining", &[10]), &last(&poll["joining"]));
        every_wire_is_fixed(Circuit::of("PollJoined", &[10]), &last(&poll["joined"]));
    }
}
