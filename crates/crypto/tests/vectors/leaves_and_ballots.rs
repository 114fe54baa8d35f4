//! `leaves_and_ballots.json`: the hashes that leaves and ballots consist of.

use crate::source::{fr, frs, list, load, number};
use maci_crypto::Fr;
use maci_crypto::constants::BLANK_LEAF_HASH;
use maci_crypto::poseidon::{hash2, hash3};
use maci_crypto::trees::{Arity, IncrementalTree, Zeros};

fn empty_ballot(vote_option_tree_depth: u8) -> Fr {
    hash2(
        Fr::from(0),
        Zeros::new(Arity::Quinary, vote_option_tree_depth, Fr::from(0))
            .unwrap()
            .root(),
    )
}

#[test]
fn a_state_leaf_is_the_hash_of_key_and_credits() {
    let file = load("leaves_and_ballots");
    assert_eq!(fr(&file["blankStateLeaf"]["hash"]), BLANK_LEAF_HASH);
    for case in list(&file["stateLeaves"]) {
        let [x, y, credits] = frs(&case["fields"]).try_into().unwrap();
        assert_eq!(hash3(x, y, credits), fr(&case["hash"]));
    }
}

#[test]
fn a_ballot_is_the_hash_of_nonce_and_votes() {
    for case in list(&load("leaves_and_ballots")["ballots"]) {
        let depth = number(&case["voteOptionTreeDepth"]) as u8;
        let zeros = Zeros::new(Arity::Quinary, depth, Fr::from(0)).unwrap();
        let root = IncrementalTree::from_leaves(zeros, &frs(&case["votes"]))
            .unwrap()
            .root();
        assert_eq!(root, fr(&case["voteOptionRoot"]));
        assert_eq!(hash2(fr(&case["nonce"]), root), fr(&case["hash"]));
    }
}

#[test]
fn empty_ballots_and_their_trees_hash_to_the_constructor_values() {
    let file = load("leaves_and_ballots");
    for case in list(&file["emptyBallotHashes"]) {
        assert_eq!(
            empty_ballot(number(&case["voteOptionTreeDepth"]) as u8),
            fr(&case["hash"])
        );
    }
    for case in list(&file["emptyBallotRoots"]) {
        let depth = number(&case["stateTreeDepth"]) as u8;
        let roots: Vec<Fr> = (1..=5)
            .map(|options| Zeros::new(Arity::Binary, depth, empty_ballot(options)).unwrap().root())
            .collect();
        assert_eq!(roots, frs(&case["roots"]));
    }
}
