//! A small circuit from constraints to a checked proof.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ark_bn254::Fr;
use ark_ec::{AffineRepr, CurveGroup};
use maci_protocol::groth16::G1;
use maci_proving::formats::zkey::ZKeyFile;
use maci_proving::prove::{Backend, Blinding, Claim, ProofRejected, VerifiedProof, Verifier};
use maci_proving::witness::Witness;
use support::{Keys, inputs, multiplier_calculator};

fn witness() -> Witness {
    multiplier_calculator().witness(&inputs(3, [5, 11])).unwrap()
}

/// The backends that this machine can run.
fn backends() -> impl Iterator<Item = Backend> {
    Backend::ALL.into_iter().filter(|backend| backend.is_available())
}

#[test]
fn every_backend_makes_proofs_that_hold() {
    let keys = Keys::make();
    for backend in backends() {
        let proof = keys.prove(&witness(), backend);
        assert!(
            VerifiedProof::check(&keys.verifying_key(), witness().publics(3), proof).is_ok(),
            "{backend}"
        );
    }
}

#[test]
fn a_backend_is_called_by_its_name() {
    for backend in Backend::ALL {
        assert_eq!(backend.to_string().parse(), Ok(backend));
    }
    assert!("gpu".parse::<Backend>().is_err());
}

#[test]
fn a_proof_of_a_witness_is_accepted_for_its_public_values_and_no_others() {
    let keys = Keys::make();
    let proof = keys.prove(&witness(), Backend::default());
    let publics = [330, 5, 11].map(Fr::from);
    let verified = VerifiedProof::check(&keys.verifying_key(), &publics, proof.clone()).unwrap();
    assert_eq!(verified.publics(), publics);
    assert_eq!(verified.proof(), &proof);

    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    for wrong in 0..publics.len() {
        let mut others = publics;
        others[wrong] += Fr::from(1);
        assert_eq!(verifier.check(&others, proof.clone()), Err(ProofRejected::Invalid));
    }
    let short = verifier.check(&publics[1..], proof.clone());
    assert_eq!(short, Err(ProofRejected::Publics { expected: 3, found: 2 }));
}

#[test]
fn a_proof_with_a_changed_point_is_refused() {
    let keys = Keys::make();
    let proof = keys.prove(&witness(), Backend::default());
    let publics = [330, 5, 11].map(Fr::from);
    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    let mut moved = proof.clone();
    moved.a.x += ark_bn254::Fq::from(1);
    assert_eq!(
        verifier.check(&publics, moved),
        Err(ProofRejected::NotAPoint { point: "A" })
    );
    let mut negated = proof.clone();
    negated.c.y = -negated.c.y;
    assert_eq!(verifier.check(&publics, negated), Err(ProofRejected::Invalid));
    let mut swapped = proof;
    std::mem::swap(&mut swapped.a, &mut swapped.c);
    assert_eq!(verifier.check(&publics, swapped), Err(ProofRejected::Invalid));
}

#[test]
fn a_proof_under_another_set_up_of_the_same_circuit_is_refused() {
    let (one, other) = (Keys::make(), Keys::from_seed(b"another"));
    let proof = one.prove(&witness(), Backend::default());
    let verifier = Verifier::new(&other.verifying_key()).unwrap();
    assert_eq!(verifier.check(witness().publics(3), proof), Err(ProofRejected::Invalid));
}

#[test]
fn a_batch_proved_twice_gives_the_same_bytes_and_another_batch_gives_others() {
    let keys = Keys::make();
    for backend in backends() {
        let first = keys.prove(&witness(), backend);
        assert_eq!(first, keys.prove(&witness(), backend));
        let other = multiplier_calculator().witness(&inputs(4, [5, 11])).unwrap();
        assert_ne!(first, keys.prove(&other, backend));
    }
}

#[test]
fn a_witness_of_another_circuit_is_refused_before_proving() {
    let keys = Keys::make();
    let zkey = ZKeyFile::open(&keys.zkey).unwrap();
    let short = Witness::new(vec![Fr::from(1); 3]);
    let blinding = Blinding::derive(b"key", &short);
    let error = Backend::Arkworks
        .load(&zkey)
        .unwrap()
        .prove(&short, &blinding)
        .unwrap_err();
    assert!(error.to_string().contains("different circuits"), "{error}");
}

#[test]
fn a_witness_that_breaks_a_constraint_gives_a_proof_that_is_refused() {
    let keys = Keys::make();
    let mut values = witness().values().to_vec();
    *values.last_mut().unwrap() += Fr::from(1);
    let broken = Witness::new(values);
    let proof = keys.prove(&broken, Backend::default());
    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    assert_eq!(verifier.check(broken.publics(3), proof), Err(ProofRejected::Invalid));
}

#[test]
fn the_memory_for_a_proof_is_known_from_the_header() {
    let keys = Keys::make();
    let need = Backend::Arkworks
        .memory_need(&ZKeyFile::open(&keys.zkey).unwrap())
        .unwrap();
    assert!(need.key > 0 && need.proof > 0 && need.total() >= need.key + need.proof);
}

/// Powers of a test: the same each time, unlike a service's.
fn powers() -> impl FnMut() -> u128 {
    let mut last = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834_u128;
    move || {
        last = last.wrapping_mul(0xda94_2042_e4dd_58b5).rotate_left(41) | 1;
        last
    }
}

/// A proof of the product of `factor` and others, with what it proves.
fn claim(keys: &Keys, factor: u64) -> Claim {
    let witness = multiplier_calculator().witness(&inputs(factor, [5, 11])).unwrap();
    Claim {
        publics: witness.publics(3).to_vec(),
        proof: keys.prove(&witness, Backend::default()),
    }
}

#[test]
fn many_proofs_that_hold_are_accepted_at_once() {
    let keys = Keys::make();
    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    for count in [0, 1, 2, 5] {
        let claims: Vec<Claim> = (0..count).map(|factor| claim(&keys, 3 + factor % 2)).collect();
        let verdicts = verifier.check_all(claims.clone(), &mut powers());
        assert_eq!(verdicts.len(), claims.len());
        for (verdict, claim) in verdicts.iter().zip(&claims) {
            assert_eq!(verdict.as_ref().unwrap().publics(), claim.publics);
        }
    }
}

#[test]
fn among_many_proofs_those_that_do_not_hold_are_named_and_no_others() {
    let keys = Keys::make();
    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    let mut claims: Vec<Claim> = (0..6).map(|factor| claim(&keys, 3 + factor % 2)).collect();
    claims[1].publics[0] += Fr::from(1);
    claims[3].proof.a.x += ark_bn254::Fq::from(1);
    claims[4].publics.pop();
    let verdicts = verifier.check_all(claims, &mut powers());
    let expected = [
        None,
        Some(ProofRejected::Invalid),
        None,
        Some(ProofRejected::NotAPoint { point: "A" }),
        Some(ProofRejected::Publics { expected: 3, found: 2 }),
        None,
    ];
    let found: Vec<_> = verdicts.into_iter().map(Result::err).collect();
    assert_eq!(found, expected);
}

#[test]
fn two_wrong_proofs_that_would_cancel_each_other_out_are_both_refused() {
    let keys = Keys::make();
    let verifier = Verifier::new(&keys.verifying_key()).unwrap();
    let (mut one, mut other) = (claim(&keys, 3), claim(&keys, 3));
    // moved apart by the same point, so that the sum of both is what it was
    let generator = ark_bn254::G1Affine::generator();
    let point = |plain: &G1| ark_bn254::G1Affine::new_unchecked(plain.x, plain.y);
    let plain = |point: ark_bn254::G1Projective| {
        let point = point.into_affine();
        G1 { x: point.x, y: point.y }
    };
    one.proof.c = plain(point(&one.proof.c) + generator);
    other.proof.c = plain(point(&other.proof.c) + (-generator));
    let verdicts = verifier.check_all(vec![one, other], &mut powers());
    assert_eq!(verdicts, [Err(ProofRejected::Invalid), Err(ProofRejected::Invalid)]);
}
