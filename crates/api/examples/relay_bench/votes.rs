//! Requests like no other: other ciphertexts of full length, and the proof blinded anew.

use std::fmt::Write as _;

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, Field, PrimeField};
use maci_crypto::curve::Point;
use maci_crypto::keys::PublicKey;
use serde_json::json;

use crate::load::Order;

/// Digits of a part of a ciphertext: as many as any number of this length that is surely in the field.
const DIGITS: usize = 76;

/// All requests of an order.
pub(crate) fn bodies(order: &Order) -> Vec<String> {
    let words: Vec<Fq> = order
        .proof
        .iter()
        .map(|word| Fq::from_be_bytes_mod_order(&hex::decode(word).unwrap()))
        .collect();
    let half = order.requests / 2;
    std::thread::scope(|scope| {
        let rest = scope.spawn(|| {
            (half..order.requests)
                .map(|one| body(order, &words, one))
                .collect::<Vec<_>>()
        });
        let mut bodies: Vec<String> = (0..half).map(|one| body(order, &words, one)).collect();
        bodies.extend(rest.join().unwrap());
        bodies
    })
}

fn body(order: &Order, proof: &[Fq], one: usize) -> String {
    let key = PublicKey::new(Point::BASE8).unwrap().serialize();
    let message = |number: usize| {
        let number = one * order.per_request + number;
        let data: Vec<String> = (0..10).map(|part| digits((number * 10 + part) as u64)).collect();
        json!({ "data": data, "publicKey": key })
    };
    json!({
        "stateLeafIndex": 1, "proof": blinded(proof, one as u64 + 2), "poll": order.poll.poll.0,
        "maciContractAddress": order.poll.maci.to_string(),
        "messages": (0..order.per_request).map(message).collect::<Vec<_>>(),
    })
    .to_string()
}

/// A long number that is another for every seed.
fn digits(seed: u64) -> String {
    let (mut state, mut text) = (seed, String::from("1"));
    while text.len() < DIGITS {
        // SplitMix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        write!(text, "{:018}", (mixed ^ (mixed >> 31)) % 1_000_000_000_000_000_000).unwrap();
    }
    text.truncate(DIGITS);
    text
}

/// Another proof of the same: A is divided and B multiplied by a number.
fn blinded(proof: &[Fq], by: u64) -> Vec<String> {
    let [a_x, a_y, b_x_imaginary, b_x, b_y_imaginary, b_y, c_x, c_y] = proof else {
        panic!("a proof has eight words");
    };
    let by = Fr::from(by);
    let a = (G1Affine::new_unchecked(*a_x, *a_y) * by.inverse().unwrap()).into_affine();
    let b = G2Affine::new_unchecked(Fq2::new(*b_x, *b_x_imaginary), Fq2::new(*b_y, *b_y_imaginary));
    let b = (b * by).into_affine();
    let (a, b) = (a.xy().unwrap(), b.xy().unwrap());
    let words = [a.0, a.1, b.0.c1, b.0.c0, b.1.c1, b.1.c0, *c_x, *c_y];
    words.iter().map(decimal).collect()
}

fn decimal(word: &Fq) -> String {
    let bytes: [u8; 32] = word.into_bigint().to_bytes_be().try_into().unwrap();
    alloy::primitives::U256::from_be_bytes(bytes).to_string()
}
