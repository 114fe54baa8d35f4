use maci_proving::ceremony::{CeremonyError, initial_key};
use maci_proving::formats::ptau::PtauFile;

use crate::stage::{Stage, circuit, verify};
use crate::support::multiplier;

fn ours(ptau: &str, name: &str) -> Result<String, CeremonyError> {
    let stage = Stage::get();
    let ptau = PtauFile::open(&stage.at(ptau))?;
    Ok(initial_key(&circuit(), &ptau, &stage.at(name))?.to_string())
}

#[test]
fn our_first_key_is_byte_for_byte_that_of_snarkjs() {
    let stage = Stage::get();
    ours("tau.ptau", "ours.zkey").unwrap();
    let read = |name: &str| std::fs::read(stage.at(name)).unwrap();
    assert!(read("ours.zkey") == read("zero.zkey"));
}

#[test]
fn a_file_with_just_enough_powers_is_enough() {
    let stage = Stage::get();
    let hash = ours("exact.ptau", "exact.zkey").unwrap();
    let r1cs = multiplier().r1cs();
    let said = stage.run(&["zkey", "new", r1cs.to_str().unwrap(), "exact.ptau", "exact-theirs.zkey"]);
    let said: String = said.split_whitespace().collect();
    assert!(said.contains(&hash), "{said}");
    let read = |name: &str| std::fs::read(stage.at(name)).unwrap();
    assert!(read("exact.zkey") == read("exact-theirs.zkey"));
}

#[test]
fn snarkjs_contributes_to_our_first_key_and_both_accept_the_result() {
    let stage = Stage::get();
    ours("exact.ptau", "begun.zkey").unwrap();
    stage.run(&["zkey", "contribute", "begun.zkey", "done.zkey", "--name=Cy", "-e=any"]);
    let r1cs = multiplier().r1cs();
    let said = stage.run(&["zkey", "verify", r1cs.to_str().unwrap(), "exact.ptau", "done.zkey"]);
    assert!(said.contains("ZKey Ok!"), "{said}");
    let done = std::fs::read(stage.at("done.zkey")).unwrap();
    let verified = verify(&done, &circuit(), &stage.at("exact.ptau")).unwrap();
    assert_eq!(verified.contributions()[0].name.as_deref(), Some("Cy"));
}

#[test]
fn too_few_powers_are_refused_with_how_many_are_needed() {
    let error = ours("small.ptau", "never.zkey").unwrap_err();
    assert!(
        matches!(
            error,
            CeremonyError::TooFewPowers {
                power: 2,
                needed: 3,
                ..
            }
        ),
        "{error}"
    );
    assert!(!Stage::get().at("never.zkey").exists());
}

#[test]
fn powers_without_lagrange_bases_are_refused_with_the_command_that_makes_them() {
    let error = ours("tau-raw.ptau", "never.zkey").unwrap_err();
    assert!(error.to_string().contains("prepare phase2"), "{error}");
}
