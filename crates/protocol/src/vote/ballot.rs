use std::collections::BTreeMap;

use maci_crypto::Fr;
use maci_crypto::poseidon;
use maci_crypto::trees::{Arity, TreeError, Zeros};

use super::vote_tree::vote_zeros;

/// What the coordinator keeps for one voter: how often it voted, and its votes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ballot {
    /// The number of commands that have counted.
    pub nonce: u64,
    votes: BTreeMap<u32, u64>,
}

impl Ballot {
    /// The votes for an option; 0 where none were given.
    pub fn votes(&self, option: u32) -> u64 {
        self.votes.get(&option).copied().unwrap_or(0)
    }

    /// Sets the votes for an option.
    pub fn set_votes(&mut self, option: u32, weight: u64) {
        if weight == 0 {
            self.votes.remove(&option);
        } else {
            self.votes.insert(option, weight);
        }
    }

    /// The options with votes, in order.
    pub fn cast(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.votes.iter().map(|(option, weight)| (*option, *weight))
    }

    /// The votes for each of `capacity` places, as the circuits take them.
    pub fn dense_votes(&self, capacity: usize) -> Vec<Fr> {
        let mut dense = vec![Fr::from(0u64); capacity];
        for (option, weight) in self.cast() {
            if let Some(place) = dense.get_mut(option as usize) {
                *place = Fr::from(weight);
            }
        }
        dense
    }
}

/// A ballot's hash in the ballot tree.
pub fn ballot_hash(nonce: u64, vote_root: Fr) -> Fr {
    poseidon::hash2(Fr::from(nonce), vote_root)
}

/// The hash of a ballot without votes.
pub fn empty_ballot_hash(vote_option_tree_depth: u8) -> Result<Fr, TreeError> {
    Ok(ballot_hash(0, vote_zeros(vote_option_tree_depth)?.root()))
}

/// The five roots of empty ballot trees that MACI's constructor takes: for vote option tree depths
/// 1 to 5, at MACI's state tree depth.
pub fn empty_ballot_roots(state_tree_depth: u8) -> Result<[Fr; 5], TreeError> {
    let mut roots = [Fr::from(0u64); 5];
    for (root, depth) in roots.iter_mut().zip(1..) {
        let empty = empty_ballot_hash(depth)?;
        *root = Zeros::new(Arity::Binary, state_tree_depth, empty)?.root();
    }
    Ok(roots)
}
