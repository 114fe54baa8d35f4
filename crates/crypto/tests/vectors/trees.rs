//! `trees.json`: zeros, sign-up tree, poll state tree, fixed-arity trees.

use crate::source::{fr, frs, list, load, number};
use maci_crypto::Fr;
use maci_crypto::constants::BLANK_LEAF_HASH;
use maci_crypto::poseidon::{hash2, hash3};
use maci_crypto::trees::{Arity, IncrementalTree, LazyTree, LeanImt, LeanProof, MerkleProof, Zeros, depth_for_leaves};
use serde_json::Value;

fn proof(arity: Arity, case: &Value, leaf: Fr) -> MerkleProof {
    MerkleProof {
        arity,
        leaf,
        siblings: list(&case["pathElements"]).iter().map(frs).collect(),
        positions: list(&case["pathIndices"])
            .iter()
            .map(|position| number(position) as u8)
            .collect(),
    }
}

fn arity(children: u64) -> Arity {
    match children {
        2 => Arity::Binary,
        5 => Arity::Quinary,
        other => panic!("unexpected arity {other}"),
    }
}

#[test]
fn zeros_are_those_of_the_contracts() {
    let zeros = &load("trees")["zeros"];
    let empty_ballot = hash2(Fr::from(0), Zeros::new(Arity::Quinary, 2, Fr::from(0)).unwrap().root());
    for (key, arity, zero) in [
        ("voteOptionTreeArity5", Arity::Quinary, Fr::from(0)),
        ("stateTreeArity2FromBlankStateLeaf", Arity::Binary, BLANK_LEAF_HASH),
        ("ballotTreeArity2FromEmptyBallotDepth2", Arity::Binary, empty_ballot),
    ] {
        let expected = frs(&zeros[key]);
        assert_eq!(
            Zeros::new(arity, expected.len() as u8 - 1, zero).unwrap().levels(),
            expected,
            "{key}"
        );
    }
}

#[test]
fn the_sign_up_tree_has_the_recorded_root_and_depth_after_every_leaf() {
    let mut tree = LeanImt::new();
    for step in list(&load("trees")["leanIMT"]["steps"]) {
        tree.push(fr(&step["leaf"]));
        assert_eq!(tree.len(), number(&step["size"]));
        assert_eq!(tree.root(), Some(fr(&step["root"])));
        assert_eq!(u64::from(tree.depth()), number(&step["depth"]));
    }
}

#[test]
fn sign_up_proofs_are_path_compressed() {
    let lean = &load("trees")["leanIMT"];
    let leaves: Vec<Fr> = list(&lean["steps"]).iter().map(|step| fr(&step["leaf"])).collect();
    let tree = LeanImt::from_leaves(&leaves);
    for case in list(&lean["proofs"]) {
        let expected = LeanProof {
            leaf: fr(&case["leaf"]),
            index: number(&case["proofIndex"]),
            siblings: frs(&case["siblings"]),
        };
        assert_eq!(tree.proof(number(&case["leafIndex"])), Ok(expected.clone()));
        assert!(expected.leads_to(fr(&case["root"])));
    }
}

#[test]
fn the_poll_state_tree_has_the_contracts_roots_and_return_values() {
    let mut tree = LazyTree::new(BLANK_LEAF_HASH).unwrap();
    for step in list(&load("trees")["lazyIMT"]["steps"]) {
        assert_eq!(tree.push(fr(&step["leaf"])), Ok(fr(&step["insertReturn"])), "{step}");
        assert_eq!(tree.len(), number(&step["size"]));
        assert_eq!(u64::from(tree.depth()), number(&step["dynamicDepth"]));
        assert_eq!(tree.root(), fr(&step["root"]), "{step}");
    }
}

#[test]
fn quinary_trees_have_the_recorded_roots_proofs_and_commitments() {
    for case in list(&load("trees")["quinary"]) {
        let zeros = Zeros::new(arity(number(&case["arity"])), number(&case["depth"]) as u8, Fr::from(0)).unwrap();
        let tree = IncrementalTree::from_leaves(zeros, &frs(&case["leaves"])).unwrap();
        assert_eq!(tree.root(), fr(&case["root"]));
        let index = number(&case["proof"]["index"]);
        let expected = proof(Arity::Quinary, &case["proof"], fr(&case["proof"]["leaf"]));
        assert_eq!(tree.proof(index), Ok(expected.clone()));
        assert!(expected.leads_to(tree.root()));
        assert_eq!(hash2(tree.root(), fr(&case["salt"])), fr(&case["commitment"]));
    }
}

#[test]
fn an_update_moves_the_root_and_a_subroot_proof_opens_a_run_of_leaves() {
    let case = &load("trees")["binaryWithUpdate"];
    let mut tree = IncrementalTree::new(Arity::Binary, number(&case["depth"]) as u8, fr(&case["zero"])).unwrap();
    for leaf in frs(&case["leavesInserted"]) {
        tree.push(leaf).unwrap();
    }
    tree.update(number(&case["updated"]["index"]), fr(&case["updated"]["value"]))
        .unwrap();
    assert_eq!(tree.root(), fr(&case["root"]));

    let siblings: Vec<Vec<Fr>> = list(&case["proof3"]).iter().map(frs).collect();
    assert_eq!(tree.proof(3).unwrap().siblings, siblings);
    let subroot = &case["subrootProof4to8"];
    let expected = proof(Arity::Binary, subroot, fr(&subroot["leaf"]));
    assert_eq!(tree.subroot_proof(4, 2), Ok(expected.clone()));
    assert!(expected.leads_to(tree.root()));
}

#[test]
fn the_depth_for_a_number_of_leaves_is_at_least_one() {
    for case in list(&load("trees")["calcDepthFromNumLeaves"]) {
        let depth = depth_for_leaves(arity(number(&case["arity"])), number(&case["leaves"]));
        assert_eq!(u64::from(depth), number(&case["depth"]), "{case}");
    }
}

#[test]
fn the_blank_leaf_is_the_pad_key_without_credits() {
    let pad = maci_crypto::constants::PAD_KEY;
    assert_eq!(hash3(pad.x, pad.y, Fr::from(0)), BLANK_LEAF_HASH);
}
