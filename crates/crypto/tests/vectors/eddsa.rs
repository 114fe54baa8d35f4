//! `eddsa.json`: signatures and their verification.

use crate::source::{bytes32, fr, list, load, point};
use maci_crypto::Rules;
use maci_crypto::eddsa::{Signature, circuit_verdict, sign, verify};
use maci_crypto::keys::PrivateKey;
use serde_json::Value;

const ALL: [Rules; 3] = [Rules::September, Rules::Release, Rules::Hardened];

fn signature(case: &Value) -> Signature {
    Signature {
        r8: point(&case["signature"]["R8"]),
        s: fr(&case["signature"]["S"]),
    }
}

#[test]
fn signing_gives_the_recorded_signature_and_everybody_accepts_it() {
    for case in list(&load("eddsa")["signatures"]) {
        let key = PrivateKey::from_seed(bytes32(&case["privateKeyRaw"]));
        let message = fr(&case["message"]);
        let public_key = point(&case["publicKey"]);
        assert_eq!(sign(&key, message), signature(case));
        assert!(verify(&public_key, message, &signature(case)));
        for rules in ALL {
            assert_eq!(circuit_verdict(rules, &public_key, message, &signature(case)), Ok(true));
        }
    }
}

#[test]
fn every_recorded_rejection_is_a_rejection_for_everybody() {
    for case in list(&load("eddsa")["rejected"]) {
        let (public_key, message) = (point(&case["publicKey"]), fr(&case["message"]));
        assert!(!verify(&public_key, message, &signature(case)), "{case}");
        for rules in ALL {
            assert_eq!(
                circuit_verdict(rules, &public_key, message, &signature(case)),
                Ok(false),
                "{rules:?} {case}"
            );
        }
    }
}
