//! `poll_joining.json` and `poll_joined_subtree.json`: the proofs that voters make with their keys and these trees.

use crate::source::{bytes32, fr, frs, list, load, number};
use maci_crypto::Fr;
use maci_crypto::constants::{BLANK_LEAF_HASH, PAD_KEY_HASH};
use maci_crypto::keys::PrivateKey;
use maci_crypto::poseidon::{hash2, hash3};
use maci_crypto::trees::{LazyTree, LeanImt};
use serde_json::Value;

fn key(case: &Value) -> PrivateKey {
    PrivateKey::from_seed(bytes32(&case["keys"]["privateKeyRaw"]))
}

/// The elements, followed by zeros up to the circuit's depth.
fn filled(elements: &[Fr], inputs: &Value) -> bool {
    let inputs: Vec<Fr> = list(inputs)
        .iter()
        .map(|level| if level.is_array() { frs(level)[0] } else { fr(level) })
        .collect();
    inputs.starts_with(elements)
        && inputs
            .iter()
            .skip(elements.len())
            .all(|element| *element == Fr::from(0))
}

#[test]
fn joining_opens_the_voters_leaf_of_the_sign_up_tree() {
    for round in list(&load("poll_joining")) {
        let users = list(&round["joining"]);
        let mut tree = LeanImt::from_leaves(&[PAD_KEY_HASH]);
        for user in users {
            tree.push(key(user).public_key().hash());
        }
        for user in users {
            let inputs = &user["circuitInputs"];
            let scalar = key(user).secret_scalar().expose();
            assert_eq!(scalar, fr(&inputs["privateKey"]));
            assert_eq!(hash2(scalar, fr(&inputs["pollId"])), fr(&inputs["nullifier"]));
            let proof = tree.proof(number(&user["user"])).unwrap();
            assert_eq!(tree.root(), Some(fr(&inputs["stateRoot"])));
            assert_eq!(proof.index, number(&inputs["index"]));
            assert_eq!(proof.siblings.len() as u64, number(&inputs["actualStateTreeDepth"]));
            assert!(filled(&proof.siblings, &inputs["siblings"]));
        }
    }
}

#[test]
fn joined_voters_open_their_leaf_in_what_the_contract_recorded_at_their_index() {
    let file = load("poll_joined_subtree");
    let mut tree = LazyTree::new(BLANK_LEAF_HASH).unwrap();
    let mut recorded = vec![tree.push(BLANK_LEAF_HASH).unwrap()];
    let users = list(&file["users"]);
    for user in users {
        let point = key(user).public_key().point();
        let leaf = hash3(point.x, point.y, fr(&user["voiceCreditBalance"]));
        assert_eq!(leaf, fr(&user["leafHash"]));
        recorded.push(tree.push(leaf).unwrap());
    }
    assert_eq!(recorded, frs(&file["pollStateRootsOnJoin"]));
    for user in users {
        let inputs = &user["circuitInputs"];
        let proof = tree.complete_subtree_proof(number(&user["pollStateIndex"])).unwrap();
        assert_eq!(proof.root, fr(&inputs["stateRoot"]));
        assert_eq!(proof.index, number(&inputs["index"]));
        assert_eq!(proof.siblings.len() as u64, number(&inputs["actualStateTreeDepth"]));
        assert_eq!(proof.siblings.len() as u64, number(&user["trailingOnes"]));
        assert!(filled(&proof.siblings, &inputs["pathElements"]));
    }
}
