//! `keys.json`: seeds, scalars, public keys and their texts.

use crate::source::{bytes32, fr, list, load, point, text};
use maci_crypto::constants::PAD_KEY;
use maci_crypto::curve::{Fl, Point};
use maci_crypto::field::fr_to_decimal;
use maci_crypto::keys::{KeyError, PrivateKey, PublicKey};
use serde_json::Value;

fn check_keypair(case: &Value) {
    let private_key = PrivateKey::from_seed(bytes32(&case["privateKeyRaw"]));
    assert_eq!(private_key.serialize().as_str(), text(&case["privateKeySerialized"]));
    assert_eq!(private_key.secret_scalar().expose(), fr(&case["privateKeyFormatted"]));
    let parsed = PrivateKey::parse(text(&case["privateKeySerialized"])).unwrap();
    assert_eq!(parsed.expose_seed(), private_key.expose_seed());

    let public_key = private_key.public_key();
    assert_eq!(public_key.point(), point(&case["publicKey"]));
    assert_eq!(public_key.serialize(), text(&case["publicKeySerialized"]));
    assert_eq!(public_key.hash(), fr(&case["publicKeyHash"]));
    assert_eq!(PublicKey::parse(text(&case["publicKeySerialized"])), Ok(public_key));
}

#[test]
fn every_seed_gives_its_scalar_public_key_and_texts() {
    let file = load("keys");
    for case in list(&file["keypairs"]) {
        check_keypair(case);
        let packed = PrivateKey::from_seed(bytes32(&case["privateKeyRaw"]))
            .public_key()
            .packed();
        assert_eq!(packed, bytes32(&case["packed"]));
        assert_eq!(PublicKey::unpack(&packed).unwrap().point(), point(&case["unpacked"]));
    }
    for case in list(&file["privateKeyStrings"]) {
        check_keypair(case);
    }
}

#[test]
fn known_public_key_texts_parse_to_their_points() {
    for case in list(&load("keys")["publicKeyStrings"]) {
        assert_eq!(
            PublicKey::parse(text(&case["serialized"])).unwrap().point(),
            point(&case["publicKey"])
        );
    }
}

#[test]
fn the_curve_and_the_pad_key_are_the_protocols() {
    let file = load("keys");
    assert_eq!(Point::BASE8, point(&file["curve"]["base8"]));
    assert_eq!(
        text(&file["curve"]["subgroupOrder"]),
        <Fl as ark_ff::PrimeField>::MODULUS.to_string()
    );
    let pad = &file["padKey"];
    assert_eq!(PAD_KEY, point(&pad["publicKey"]));
    assert_eq!(PublicKey::PAD.serialize(), text(&pad["serialized"]));
    assert_eq!(PublicKey::PAD.hash(), fr(&pad["hash"]));
    assert!(PAD_KEY.is_on_curve());
}

#[test]
fn validity_is_upstreams_except_for_seeds_that_are_not_hex_and_for_y_equal_to_p() {
    for case in list(&load("keys")["validity"]) {
        let serialized = text(&case["serialized"]);
        let upstream = case["isValidSerialized"].as_bool().unwrap();
        let private = PrivateKey::parse(serialized).is_ok();
        let public = PublicKey::parse(serialized);
        let ours = if case["kind"] == "private" {
            private
        } else {
            public.is_ok()
        };
        let y_is_p = serialized == format!("macipk.{:x}", modulus());
        let stricter = serialized.ends_with("zzzz") || y_is_p;
        assert_eq!(ours, upstream && !stricter, "{case}");
        if y_is_p {
            assert_eq!(public, Err(KeyError::NotAField));
        }
    }
}

fn modulus() -> num_bigint::BigUint {
    <maci_crypto::Fr as ark_ff::PrimeField>::MODULUS.into()
}

#[test]
fn sums_and_doubles_are_those_of_the_edwards_law() {
    for case in list(&load("keys")["pointAddition"]) {
        let (a, b) = (point(&case["a"]), point(&case["b"]));
        assert_eq!(a.add(&b), point(&case["sum"]));
        assert_eq!(a.try_add(&b), Some(point(&case["sum"])));
        assert_eq!(a.double(), point(&case["doubleA"]));
    }
}

#[test]
fn on_curve_is_the_curve_equation() {
    for case in list(&load("keys")["onCurve"]) {
        assert_eq!(
            point(&case["point"]).is_on_curve(),
            case["inCurve"].as_bool().unwrap(),
            "{case}"
        );
    }
}

#[test]
fn a_key_error_and_a_debug_text_never_show_the_key() {
    let secret = "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbzzzzzzzzzzz";
    let error = PrivateKey::parse(secret).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("5e20"));
    let key = PrivateKey::from_seed([0x5e; 32]);
    assert_eq!(format!("{key:?}"), "PrivateKey(redacted)");
    let scalar = key.secret_scalar();
    assert!(!format!("{scalar:?}").contains(&fr_to_decimal(&scalar.expose())));
}
