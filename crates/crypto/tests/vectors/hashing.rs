//! `hashing.json`: constants and Poseidon.

use crate::source::{fr, frs, list, load, number, text};
use maci_crypto::constants::{NUMS, PAD_KEY, PAD_KEY_HASH};
use maci_crypto::poseidon::{hash_n, hash_one, hash1, hash2, hash3, hash4, hash5, hash12, padded};

#[test]
fn the_constants_are_those_of_the_protocol() {
    let constants = &load("hashing")["constants"];
    assert_eq!(NUMS, fr(&constants["nothingUpMySleeve"]));
    assert_eq!(PAD_KEY_HASH, fr(&constants["padKeyHash"]));
    assert_eq!(hash2(PAD_KEY.x, PAD_KEY.y), PAD_KEY_HASH);
    assert_eq!(
        text(&constants["snarkField"]),
        <maci_crypto::Fr as ark_ff::PrimeField>::MODULUS.to_string()
    );
}

#[test]
fn poseidon_of_one_to_five_inputs_is_circomlibs() {
    for case in list(&load("hashing")["poseidon"]) {
        let inputs = frs(&case["inputs"]);
        let hash = match *inputs.as_slice() {
            [a] => hash1(a),
            [a, b] => hash2(a, b),
            [a, b, c] => hash3(a, b, c),
            [a, b, c, d] => hash4(&[a, b, c, d]),
            [a, b, c, d, e] => hash5(&[a, b, c, d, e]),
            _ => panic!("unexpected number of inputs: {case}"),
        };
        assert_eq!(hash, fr(&case["hash"]), "{case}");
    }
}

#[test]
fn hash_one_appends_a_zero() {
    for case in list(&load("hashing")["hashOne"]) {
        assert_eq!(hash_one(fr(&case["input"])), fr(&case["hash"]), "{case}");
    }
}

#[test]
fn hash_n_pads_with_zeros() {
    for case in list(&load("hashing")["hashN"]) {
        let inputs = frs(&case["inputs"]);
        let hash = match number(&case["n"]) {
            2 => hash_n(padded::<2>(&inputs)),
            3 => hash_n(padded::<3>(&inputs)),
            4 => hash_n(padded::<4>(&inputs)),
            5 => hash_n(padded::<5>(&inputs)),
            n => panic!("unexpected n {n}"),
        };
        assert_eq!(hash, fr(&case["hash"]), "{case}");
    }
}

#[test]
fn hash12_nests_two_fives_in_a_four() {
    for case in list(&load("hashing")["hash12"]) {
        assert_eq!(hash12(&frs(&case["inputs"])), fr(&case["hash"]), "{case}");
    }
}
