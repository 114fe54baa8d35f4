use ark_bn254::Fr;
use maci_proving::ceremony::CeremonyError;

use crate::stage::{Stage, circuit, section, verify};

fn key() -> Vec<u8> {
    std::fs::read(Stage::get().at("one.zkey")).unwrap()
}

#[test]
fn a_key_of_a_circuit_with_other_counts_is_refused_with_both_counts() {
    let mut other = circuit();
    other.shape.wires += 1;
    let error = verify(&key(), &other, &Stage::get().at("tau.ptau")).unwrap_err();
    assert!(
        matches!(error, CeremonyError::OtherCircuit { what: "wires", .. }),
        "{error}"
    );
}

#[test]
fn a_key_of_a_circuit_with_the_same_counts_is_refused() {
    let mut other = circuit();
    other.coefficients[0] += Fr::from(1);
    let error = verify(&key(), &other, &Stage::get().at("tau.ptau")).unwrap_err();
    assert!(matches!(error, CeremonyError::OtherConstraint { .. }), "{error}");
}

#[test]
fn a_circuit_that_differs_only_in_its_products_is_refused_by_its_points() {
    // The key's coefficients tell nothing of C: only its points do.
    let mut other = circuit();
    std::mem::swap(&mut other.c, &mut circuit().b);
    let error = verify(&key(), &other, &Stage::get().at("tau.ptau")).unwrap_err();
    assert!(matches!(error, CeremonyError::OtherPoint { .. }), "{error}");
}

#[test]
fn a_key_made_from_other_powers_of_tau_is_refused_and_the_file_named() {
    let error = verify(&key(), &circuit(), &Stage::get().at("other.ptau")).unwrap_err();
    assert!(matches!(error, CeremonyError::OtherPowers { .. }), "{error}");
    assert!(error.to_string().contains("other.ptau"), "{error}");
}

#[test]
fn a_key_that_calls_itself_another_circuits_is_refused() {
    let mut key = std::fs::read(Stage::get().at("zero.zkey")).unwrap();
    let hash = section(&key, 10).start;
    key[hash] ^= 1;
    let error = verify(&key, &circuit(), &Stage::get().at("tau.ptau")).unwrap_err();
    assert!(matches!(error, CeremonyError::OtherCircuitHash { .. }), "{error}");
}

#[test]
fn files_cut_anywhere_are_refused_as_damaged() {
    let whole = key();
    for length in (0..whole.len()).step_by(97) {
        let error = verify(&whole[..length], &circuit(), &Stage::get().at("tau.ptau")).unwrap_err();
        assert!(matches!(error, CeremonyError::Format(_)), "{length}: {error}");
    }
}
