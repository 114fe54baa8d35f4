//! `ecdh.json`: shared keys.

use crate::source::{fr, list, load, point, text};
use maci_crypto::Rules;
use maci_crypto::ecdh::{circuit_shared_key, shared_key};
use maci_crypto::keys::PrivateKey;

#[test]
fn shared_keys_are_the_same_for_the_library_and_every_circuit() {
    for case in list(&load("ecdh")) {
        let scalar = PrivateKey::parse(text(&case["privateKey"])).unwrap().secret_scalar();
        assert_eq!(scalar.expose(), fr(&case["privateKeyFormatted"]));
        let other = point(&case["otherPublicKey"]);
        let expected = point(&case["sharedKey"]);
        assert_eq!(shared_key(&scalar, &other), expected);
        for rules in [Rules::September, Rules::Release, Rules::Hardened] {
            assert_eq!(circuit_shared_key(rules, &scalar, &other), Ok(expected));
        }
    }
}
