//! snarkjs accepts what we write, and we accept what it writes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;

use ark_bn254::Fr;
use maci_proving::formats::json;
use maci_proving::formats::r1cs::R1cs;
use maci_proving::prove::{Backend, VerifiedProof};
use maci_proving::witness::{Inputs, Witness};
use support::{Keys, inputs, multiplier, multiplier_calculator, snarkjs};

/// A folder with our zkey and the witness of `inputs`.
fn folder_with_witness(inputs: &Inputs) -> (Keys, Witness) {
    let mut keys = Keys::make();
    let zkey = keys.folder().join("circuit.zkey");
    std::fs::rename(&keys.zkey, &zkey).unwrap();
    keys.zkey = zkey;
    let witness = multiplier_calculator().witness(inputs).unwrap();
    witness.write(&keys.folder().join("ours.wtns")).unwrap();
    (keys, witness)
}

#[test]
fn snarkjs_exports_the_verifying_key_that_we_do() {
    let keys = Keys::make();
    let name = keys.zkey.file_name().unwrap().to_str().unwrap();
    snarkjs(
        keys.folder(),
        &["zkey", "export", "verificationkey", name, "theirs.json"],
    );
    let theirs = json::read_verifying_key(&keys.folder().join("theirs.json")).unwrap();
    assert_eq!(theirs, keys.verifying_key());
}

#[test]
fn snarkjs_accepts_our_witness_proof_and_key() {
    let (keys, witness) = folder_with_witness(&inputs(3, [5, 11]));
    let r1cs = multiplier().r1cs();
    let said = snarkjs(keys.folder(), &["wtns", "check", r1cs.to_str().unwrap(), "ours.wtns"]);
    assert!(said.contains("WITNESS IS CORRECT"), "{said}");

    let at = |name: &str| keys.folder().join(name);
    json::write_verifying_key(&at("key.json"), &keys.verifying_key()).unwrap();
    json::write_proof(&at("proof.json"), &keys.prove(&witness, Backend::default())).unwrap();
    json::write_publics(&at("public.json"), witness.publics(3)).unwrap();
    let said = snarkjs(
        keys.folder(),
        &["groth16", "verify", "key.json", "public.json", "proof.json"],
    );
    assert!(said.contains("OK!"), "{said}");
}

#[test]
fn we_accept_a_proof_that_snarkjs_made_with_our_key_and_our_witness() {
    let (keys, witness) = folder_with_witness(&inputs(9, [2, 1]));
    snarkjs(
        keys.folder(),
        &[
            "groth16",
            "prove",
            "circuit.zkey",
            "ours.wtns",
            "proof.json",
            "public.json",
        ],
    );
    let publics = json::read_publics(&keys.folder().join("public.json")).unwrap();
    assert_eq!(publics, witness.publics(3));
    let proof = json::read_proof(&keys.folder().join("proof.json")).unwrap();
    assert!(VerifiedProof::check(&keys.verifying_key(), &publics, proof).is_ok());
}

#[test]
fn snarkjs_computes_the_witness_that_we_do() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = inputs(1_000_003, [5, 11]);
    std::fs::write(folder.path().join("input.json"), inputs.to_json().to_string()).unwrap();
    let wasm = multiplier().wasm();
    snarkjs(
        folder.path(),
        &["wtns", "calculate", wasm.to_str().unwrap(), "input.json", "theirs.wtns"],
    );
    let theirs = Witness::read(&folder.path().join("theirs.wtns")).unwrap();
    assert_eq!(
        theirs.values(),
        multiplier_calculator().witness(&inputs).unwrap().values()
    );
}

#[test]
fn an_r1cs_file_survives_the_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let (circoms, ours): (PathBuf, PathBuf) = (multiplier().r1cs(), folder.path().join("ours.r1cs"));
    let r1cs = R1cs::read(&circoms).unwrap();
    r1cs.write(&ours).unwrap();
    let again = R1cs::read(&ours).unwrap();
    assert_eq!(again.shape, r1cs.shape);
    assert!(again.a.iter().eq(r1cs.a.iter()) && again.b.iter().eq(r1cs.b.iter()) && again.c.iter().eq(r1cs.c.iter()));
    let said = snarkjs(folder.path(), &["r1cs", "info", "ours.r1cs"]);
    assert!(said.contains("# of Constraints: 4"), "{said}");
}

#[test]
fn we_prove_with_a_key_that_snarkjs_made_from_a_powers_of_tau_file() {
    let (folder, circuit) = (tempfile::tempdir().unwrap(), multiplier().r1cs());
    let at = |name: &str| folder.path().join(name);
    snarkjs(folder.path(), &["powersoftau", "new", "bn128", "5", "tau0.ptau"]);
    snarkjs(
        folder.path(),
        &["powersoftau", "prepare", "phase2", "tau0.ptau", "tau.ptau"],
    );
    snarkjs(
        folder.path(),
        &["groth16", "setup", circuit.to_str().unwrap(), "tau.ptau", "zero.zkey"],
    );
    snarkjs(
        folder.path(),
        &[
            "zkey",
            "contribute",
            "zero.zkey",
            "one.zkey",
            "--name=test",
            "-e=some entropy",
        ],
    );
    let zkey = maci_proving::formats::zkey::ZKeyFile::open(&at("one.zkey")).unwrap();
    assert_eq!(zkey.contributions().unwrap(), 1);
    let witness = multiplier_calculator().witness(&inputs(3, [5, 11])).unwrap();
    let blinding = maci_proving::prove::Blinding::derive(b"tests", &witness);
    let proof = Backend::Arkworks
        .load(&zkey)
        .unwrap()
        .prove(&witness, &blinding)
        .unwrap();
    let publics: Vec<Fr> = witness.publics(3).to_vec();
    assert!(VerifiedProof::check(&zkey.verifying_key().unwrap(), &publics, proof).is_ok());
}
