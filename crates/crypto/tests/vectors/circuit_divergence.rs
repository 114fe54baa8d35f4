//! `circuit_divergence.json` and `circuit_divergence_v3_release.json`: the verdicts of real circuits on unusual
//! keys and signatures, as far as decryption and signature decide them.

use crate::source::{fr, frs, list, load, point, text};
use maci_crypto::cipher::decrypt_unchecked;
use maci_crypto::curve::Point;
use maci_crypto::ecdh::circuit_shared_key;
use maci_crypto::eddsa::{Signature, circuit_verdict};
use maci_crypto::keys::SecretScalar;
use maci_crypto::ladder::NoWitness;
use maci_crypto::poseidon::hash4;
use maci_crypto::{Fr, Rules};
use serde_json::Value;

/// Decrypts the one message of a batch and checks its signature against the leaf that the batch opens.
fn signature_verdict(rules: Rules, inputs: &Value) -> Result<bool, NoWitness> {
    let scalar = SecretScalar::from_canonical(fr(&inputs["coordinatorPrivateKey"])).unwrap();
    let shared_key = circuit_shared_key(rules, &scalar, &point(&inputs["encryptionPublicKeys"][0]))?;
    let plaintext = decrypt_unchecked(&frs(&inputs["messages"][0]), &shared_key, 0, 7).unwrap();
    let [packed, x, y, salt, r8_x, r8_y, s]: [Fr; 7] = plaintext.try_into().unwrap();
    let [key_x, key_y, _]: [Fr; 3] = frs(&inputs["currentStateLeaves"][0]).try_into().unwrap();
    let signature = Signature {
        r8: Point::new(r8_x, r8_y),
        s,
    };
    circuit_verdict(
        rules,
        &Point::new(key_x, key_y),
        hash4(&[packed, x, y, salt]),
        &signature,
    )
}

fn check(file: &str, rules: &[Rules]) {
    let mut checked = 0;
    for case in list(&load(file)["cases"]) {
        for batch in list(&case["processBatches"]) {
            let inputs = &batch["circuitInputs"];
            let index: usize = text(&inputs["index"]).parse().unwrap();
            let verdict = text(&case["messages"][index]["circuitVerdict"]);
            for rules in rules {
                let ours = signature_verdict(*rules, inputs);
                let context = format!(
                    "{} message {index} under {rules:?}: {verdict}, ours {ours:?}",
                    case["name"]
                );
                match verdict {
                    "valid" => assert_eq!(ours, Ok(true), "{context}"),
                    "invalid signature" => assert_eq!(ours, Ok(false), "{context}"),
                    "no witness" if case["name"].as_str().unwrap().starts_with("voice_credits") => continue,
                    "no witness" if *rules == Rules::Hardened => assert_eq!(ours, Ok(false), "{context}"),
                    "no witness" => assert!(matches!(ours, Err(NoWitness::DivisionByZero { .. })), "{context}"),
                    _ => continue,
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "{file} decides nothing");
}

#[test]
fn verdicts_of_the_september_circuits_are_reproduced() {
    check(
        "circuit_divergence",
        &[Rules::September, Rules::Release, Rules::Hardened],
    );
}

#[test]
fn verdicts_of_the_released_circuits_are_reproduced_and_the_hardened_ones_agree() {
    check("circuit_divergence_v3_release", &[Rules::Release]);
}

/// The hardened circuits count no message whose encryption key is off the curve or of order 4 or 8.
fn encryption_key_counts(key: &Point) -> bool {
    key.is_on_curve() && (key.x == Fr::from(0) || key.mul_by_cofactor() != Point::IDENTITY)
}

#[test]
fn the_hardened_circuits_agree_with_the_released_ones_wherever_the_encryption_key_counts() {
    let file = load("circuit_divergence_v3_release");
    let mut refused = 0;
    for case in list(&file["cases"]) {
        for batch in list(&case["processBatches"]) {
            let inputs = &batch["circuitInputs"];
            let hardened = signature_verdict(Rules::Hardened, inputs).unwrap();
            if encryption_key_counts(&point(&inputs["encryptionPublicKeys"][0])) {
                let released = signature_verdict(Rules::Release, inputs);
                assert_eq!(hardened, released.unwrap_or(false), "{}", case["name"]);
            } else {
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 7);
}
