//! Properties that hold for every input.

use maci_crypto::cipher::{ciphertext_length, decrypt, decrypt_unchecked, encrypt};
use maci_crypto::curve::{Fl, Point, mul_base8};
use maci_crypto::field::{
    fr_from_be_bytes_mod_order, fr_from_decimal, fr_from_hex, fr_to_be_bytes, fr_to_decimal, fr_to_hex,
};
use maci_crypto::keys::{Keypair, PrivateKey, PublicKey};
use maci_crypto::poseidon::hash2;
use maci_crypto::trees::{Arity, IncrementalTree, LazyTree, LeanImt, Zeros, depth_for_leaves};
use maci_crypto::{Fr, Rules, ecdh, eddsa, ladder};

use ark_ff::{AdditiveGroup, PrimeField};
use proptest::prelude::*;

fn element() -> impl Strategy<Value = Fr> {
    prop_oneof![
        8 => any::<[u8; 32]>().prop_map(|bytes| fr_from_be_bytes_mod_order(&bytes)),
        1 => (0u64..3).prop_map(Fr::from),
        1 => (1u64..3).prop_map(|n| -Fr::from(n)),
    ]
}

fn elements(length: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Fr>> {
    proptest::collection::vec(element(), length)
}

fn subgroup_point() -> impl Strategy<Value = Point> {
    any::<[u8; 32]>().prop_map(|seed| PrivateKey::from_seed(seed).public_key().point())
}

proptest! {
    #[test]
    fn texts_of_field_elements_read_back(value in element()) {
        prop_assert_eq!(fr_from_decimal(&fr_to_decimal(&value)), Ok(value));
        prop_assert_eq!(fr_from_hex(&fr_to_hex(&value)), Ok(value));
        prop_assert_eq!(fr_from_be_bytes_mod_order(&fr_to_be_bytes(&value)), value);
    }

    #[test]
    fn any_text_as_number_or_key_is_a_value_or_an_error(text in ".{0,90}", digits in "[0-9a-fxX]{0,90}") {
        for text in [text, digits] {
            let _ = (fr_from_decimal(&text), fr_from_hex(&text));
            for text in [format!("macisk.{text}"), format!("macipk.{text}"), text] {
                if let Ok(key) = PrivateKey::parse(&text) {
                    prop_assert_eq!(key.serialize().to_string(), text.to_lowercase());
                }
                if let Ok(key) = PublicKey::parse(&text) {
                    prop_assert!(key.point().is_on_curve());
                }
            }
        }
    }

    #[test]
    fn any_32_bytes_unpack_to_a_point_of_the_curve_or_an_error(packed: [u8; 32]) {
        if let Ok(key) = PublicKey::unpack(&packed) {
            prop_assert!(key.point().is_on_curve());
            prop_assert_eq!(key.packed(), packed);
        }
    }

    #[test]
    fn public_keys_pack_and_serialise_both_ways(seed: [u8; 32]) {
        let Keypair { private_key, public_key } = Keypair::from_seed(seed);
        prop_assert_eq!(PublicKey::unpack(&public_key.packed()), Ok(public_key));
        prop_assert_eq!(PublicKey::parse(&public_key.serialize()), Ok(public_key));
        prop_assert_eq!(public_key.serialize().len() % 2, 1);
        prop_assert!(public_key.point().is_in_subgroup());
        let serialized = private_key.serialize();
        prop_assert_eq!(*PrivateKey::parse(&serialized).unwrap().expose_seed(), seed);
    }

    #[test]
    fn multiplication_distributes_over_addition(point in subgroup_point(), a in element(), b in element()) {
        let [fl_a, fl_b] = [a, b].map(|n| Fl::from_le_bytes_mod_order(&maci_crypto::field::fr_to_le_bytes(&n)));
        let sum = point.mul_integer(&(fl_a + fl_b).into_bigint());
        prop_assert_eq!(point.mul_scalar(&a).add(&point.mul_scalar(&b)), sum);
        prop_assert_eq!(mul_base8(&a.into_bigint()), Point::BASE8.mul_scalar(&a));
    }

    #[test]
    fn both_parties_share_the_same_key(one: [u8; 32], other: [u8; 32]) {
        let [one, other] = [one, other].map(Keypair::from_seed);
        prop_assert_eq!(
            ecdh::shared_key(&one.private_key.secret_scalar(), &other.public_key.point()),
            ecdh::shared_key(&other.private_key.secret_scalar(), &one.public_key.point())
        );
    }

    #[test]
    fn decryption_inverts_encryption_at_every_length(
        plaintext in elements(0..11), key in subgroup_point(), nonce: u128,
    ) {
        let ciphertext = encrypt(&plaintext, &key, nonce);
        prop_assert_eq!(ciphertext.len(), ciphertext_length(plaintext.len()));
        prop_assert_eq!(decrypt(&ciphertext, &key, nonce, plaintext.len()), Ok(plaintext.clone()));
        prop_assert_eq!(decrypt_unchecked(&ciphertext, &key, nonce, plaintext.len()), Ok(plaintext));
    }

    #[test]
    fn any_ciphertext_decrypts_or_is_refused(
        ciphertext in elements(0..15), x in element(), y in element(), length in 0usize..12,
    ) {
        let unchecked = decrypt_unchecked(&ciphertext, &Point::new(x, y), 0, length);
        prop_assert_eq!(unchecked.is_ok(), ciphertext.len() == ciphertext_length(length));
        if let Ok(plaintext) = unchecked {
            prop_assert_eq!(plaintext.len(), length);
        }
    }

    #[test]
    fn a_signature_holds_for_its_key_and_message_only(seed: [u8; 32], message in element(), other in element()) {
        prop_assume!(message != other);
        let key = PrivateKey::from_seed(seed);
        let public_key = key.public_key().point();
        let signature = eddsa::sign(&key, message);
        prop_assert!(eddsa::verify(&public_key, message, &signature));
        prop_assert!(!eddsa::verify(&public_key, other, &signature));
        prop_assert!(!eddsa::verify(&public_key.double(), message, &signature));
        for rules in [Rules::September, Rules::Release, Rules::Hardened] {
            prop_assert_eq!(eddsa::circuit_verdict(rules, &public_key, message, &signature), Ok(true));
            prop_assert_eq!(eddsa::circuit_verdict(rules, &public_key, other, &signature), Ok(false));
        }
    }

    #[test]
    fn incremental_trees_equal_rebuilt_ones(
        updates in proptest::collection::vec((0u64..25, element()), 0..40), quinary: bool,
    ) {
        let (arity, depth) = if quinary { (Arity::Quinary, 2) } else { (Arity::Binary, 5) };
        let zero = Fr::from(7);
        let zeros = Zeros::new(arity, depth, zero).unwrap();
        let mut tree = IncrementalTree::empty(zeros.clone());
        let mut leaves = vec![zero; tree.capacity() as usize];
        for (index, leaf) in updates {
            tree.update(index, leaf).unwrap();
            leaves[index as usize] = leaf;
        }
        let rebuilt = IncrementalTree::from_leaves(zeros, &leaves).unwrap();
        prop_assert_eq!(&tree, &rebuilt);
        for index in [0, 13, 24] {
            let proof = tree.proof(index).unwrap();
            prop_assert_eq!(&proof, &rebuilt.proof(index).unwrap());
            prop_assert_eq!(proof.leaf, leaves[index as usize]);
            prop_assert!(proof.leads_to(tree.root()));
        }
        let run = tree.subroot_proof(arity.children(), 1).unwrap();
        prop_assert!(run.leads_to(tree.root()));
    }

    #[test]
    fn sign_up_proofs_lead_to_the_root_and_no_other_leaf_does(leaves in elements(1..40), other in element()) {
        let tree = LeanImt::from_leaves(&leaves);
        for (index, leaf) in leaves.iter().enumerate() {
            let proof = tree.proof(index as u64).unwrap();
            prop_assert_eq!(proof.leaf, *leaf);
            prop_assert!(proof.leads_to(tree.root().unwrap()));
            let forged = maci_crypto::trees::LeanProof { leaf: other, ..proof };
            prop_assert_eq!(forged.leads_to(tree.root().unwrap()), other == *leaf);
        }
        prop_assert!(tree.proof(leaves.len() as u64).is_err());
    }

    #[test]
    fn the_lazy_tree_has_the_root_of_the_fixed_tree_and_opens_every_leaf(leaves in elements(0..40), zero in element()) {
        let mut lazy = LazyTree::new(zero).unwrap();
        let returned: Vec<Fr> = leaves.iter().map(|leaf| lazy.push(*leaf).unwrap()).collect();
        let depth = depth_for_leaves(Arity::Binary, leaves.len() as u64);
        let fixed = IncrementalTree::from_leaves(Zeros::new(Arity::Binary, depth, zero).unwrap(), &leaves).unwrap();
        prop_assert_eq!(lazy.depth(), depth);
        prop_assert_eq!(lazy.root(), fixed.root());
        for (index, root) in returned.into_iter().enumerate() {
            let proof = lazy.complete_subtree_proof(index as u64).unwrap();
            prop_assert_eq!(proof.root, root);
            prop_assert_eq!(proof.siblings.iter().fold(proof.leaf, |node, left| hash2(*left, node)), root);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_ladder_is_ordinary_multiplication_on_the_curve(point in subgroup_point(), scalar in element()) {
        let mixed = maci_crypto::adversarial::mixed_order(&point);
        for point in [point, mixed, mixed.double(), mixed.double().double()] {
            let expected = Ok(point.mul_scalar(&scalar));
            prop_assert_eq!(ladder::multiply_step_by_step(&scalar.into_bigint(), 254, &point), expected);
            prop_assert_eq!(ladder::multiply(&scalar.into_bigint(), 254, &point), expected);
        }
    }

    #[test]
    fn the_hardened_circuits_have_a_witness_for_every_pair(
        seed: [u8; 32],
        pair in [element(), element()],
        r8 in [element(), element()],
        s in element(),
        message in element(),
    ) {
        let scalar = PrivateKey::from_seed(seed).secret_scalar();
        let pair = Point::from(pair);
        prop_assert_eq!(ecdh::circuit_shared_key(Rules::Hardened, &scalar, &pair), Ok(Point::IDENTITY));
        let signature = eddsa::Signature { r8: r8.into(), s };
        prop_assert_eq!(eddsa::circuit_verdict(Rules::Hardened, &pair, message, &signature), Ok(false));
    }
}

#[test]
fn numbers_at_or_above_the_modulus_are_refused() {
    let modulus = Fr::MODULUS.to_string();
    assert!(fr_from_decimal(&modulus).is_err());
    assert!(fr_from_decimal(&"9".repeat(500)).is_err());
    assert_eq!(fr_from_decimal(&"0".repeat(500)), Ok(Fr::ZERO));
    assert!(fr_from_hex(&"f".repeat(64)).is_err());
    for text in ["", "-1", "+1", "1_0", " 1", "1 ", "٣"] {
        assert!(fr_from_decimal(text).is_err(), "{text:?}");
        assert!(fr_from_hex(text).is_err(), "{text:?}");
    }
    assert!(fr_from_hex("0x").is_err());
}

#[test]
fn trees_refuse_what_lies_outside_them() {
    let mut tree = IncrementalTree::new(Arity::Quinary, 1, Fr::ZERO).unwrap();
    assert!(tree.update(5, Fr::ZERO).is_err());
    assert!(tree.proof(5).is_err());
    assert!(tree.leaf(u64::MAX).is_err());
    assert!(tree.subroot_proof(1, 1).is_err());
    assert!(tree.subroot_proof(0, 255).is_err());
    assert!(IncrementalTree::new(Arity::Binary, 33, Fr::ZERO).is_err());
    assert!(IncrementalTree::from_leaves(Zeros::new(Arity::Binary, 1, Fr::ZERO).unwrap(), &[Fr::ZERO; 3]).is_err());
    assert!(LeanImt::new().proof(0).is_err());
    assert!(
        LazyTree::new(Fr::ZERO)
            .unwrap()
            .complete_subtree_proof(u64::MAX)
            .is_err()
    );
}
