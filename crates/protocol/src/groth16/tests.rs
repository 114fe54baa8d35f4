use maci_crypto::Fq;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn coordinate() -> impl Strategy<Value = Fq> {
    any::<[u64; 3]>().prop_map(|[a, b, c]| Fq::from(a) * Fq::from(b) * Fq::from(c) - Fq::from(b))
}

prop_compose! {
    fn g1()(x in coordinate(), y in coordinate()) -> G1 { G1 { x, y } }
}
prop_compose! {
    fn g2()(a in coordinate(), b in coordinate(), c in coordinate(), d in coordinate()) -> G2 {
        G2 { x: [a, b], y: [c, d] }
    }
}
prop_compose! {
    fn proof()(a in g1(), b in g2(), c in g1()) -> Proof { Proof { a, b, c } }
}

fn sample() -> Proof {
    let n = |number: u64| Fq::from(number);
    Proof {
        a: G1 { x: n(1), y: n(2) },
        b: G2 {
            x: [n(3), n(4)],
            y: [n(5), n(6)],
        },
        c: G1 { x: n(7), y: n(8) },
    }
}

#[test]
fn the_contracts_take_the_imaginary_part_of_b_first() {
    let last_bytes: Vec<u8> = sample().to_solidity().iter().map(|word| word[31]).collect();
    assert_eq!(last_bytes, [1, 2, 4, 3, 6, 5, 7, 8]);
}

#[test]
fn a_proof_of_another_system_or_curve_says_so() {
    let mut json = sample().to_snarkjs();
    json["protocol"] = json!("plonk");
    assert!(matches!(Proof::from_snarkjs(&json), Err(Groth16Error::Protocol { .. })));
    let mut json = sample().to_snarkjs();
    json["curve"] = json!("bls12381");
    assert!(matches!(Proof::from_snarkjs(&json), Err(Groth16Error::Curve { .. })));
}

#[test]
fn a_coordinate_beyond_the_field_is_refused() {
    let order = "21888242871839275222246405745257275088696311157297823662689037894645226208583";
    let beyond = [order, "-1", "", "0x1", "1e3", " 1", &"9".repeat(500)];
    for text in beyond {
        let mut json = sample().to_snarkjs();
        json["pi_a"][0] = json!(text);
        assert_eq!(
            Proof::from_snarkjs(&json),
            Err(Groth16Error::Coordinate { field: "pi_a" }),
            "{text}"
        );
    }
}

#[test]
fn infinity_is_written_as_snarkjs_writes_it() {
    assert_eq!(G1::INFINITY.to_snarkjs(), ["0", "1", "0"]);
    assert_eq!(G1::from_snarkjs("IC", &G1::INFINITY.to_snarkjs()), Ok(G1::INFINITY));
    assert_eq!(G2::from_snarkjs("pi_b", &G2::INFINITY.to_snarkjs()), Ok(G2::INFINITY));
}

#[test]
fn a_projective_point_is_refused() {
    let words = ["1", "2", "3"].map(str::to_owned);
    assert_eq!(
        G1::from_snarkjs("pi_a", &words),
        Err(Groth16Error::NotAffine { field: "pi_a" })
    );
}

#[test]
fn a_verifying_key_with_too_few_points_is_refused() {
    let Proof { a, b, .. } = sample();
    let key = VerifyingKey {
        alpha1: a,
        beta2: b,
        gamma2: b,
        delta2: b,
        ic: vec![a, a],
    };
    assert_eq!(VerifyingKey::from_snarkjs(&key.to_snarkjs()), Ok(key.clone()));
    let mut json = key.to_snarkjs();
    json["nPublic"] = json!(2);
    assert_eq!(
        VerifyingKey::from_snarkjs(&json),
        Err(Groth16Error::IcLength { ic: 2, public: 2 })
    );
    assert_eq!(key.to_solidity().beta2[0].map(|word| word[31]), [4, 3]);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[0-9]{0,90}|.*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop::sample::select(vec!["pi_a", "pi_b", "pi_c", "protocol", "curve", "IC", "nPublic"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_proof_reads_back_as_written(proof in proof()) {
        prop_assert_eq!(Proof::from_snarkjs(&proof.to_snarkjs()), Ok(proof.clone()));
        prop_assert_eq!(Proof::from_solidity(&proof.to_solidity()), Ok(proof));
    }

    #[test]
    fn any_json_is_a_proof_or_an_error(json in any_json()) {
        let _ = Proof::from_snarkjs(&json);
        let _ = VerifyingKey::from_snarkjs(&json);
        let _ = crate::statement::CircuitInputs::from_json(&json);
    }

    #[test]
    fn any_words_are_a_proof_or_an_error(words: [[u8; 32]; 8]) {
        let _ = Proof::from_solidity(&words);
    }
}
