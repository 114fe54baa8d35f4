//! Trees over lists with a place for every option: votes in a ballot, results, credits spent.

use maci_crypto::trees::{Arity, IncrementalTree, MerkleProof, TreeError, Zeros};
use maci_crypto::{Fr, poseidon};

/// The root over a list with one element for each of the `5^depth` places.
pub(crate) fn root_of_votes(list: &[Fr]) -> Fr {
    let mut nodes = list.to_vec();
    while nodes.len() > 1 {
        nodes = nodes
            .chunks(5)
            .map(|five| poseidon::hash5(&poseidon::padded(five)))
            .collect();
    }
    nodes.first().copied().unwrap_or_default()
}

/// The path of one place in the tree over such a list.
pub(crate) fn path_of_vote(list: &[Fr], index: u64) -> Result<Vec<[Fr; 4]>, TreeError> {
    let depth = maci_crypto::trees::depth_for_leaves(Arity::Quinary, list.len() as u64);
    let zeros = vote_zeros(depth)?;
    Ok(quinary_path(&IncrementalTree::from_leaves(zeros, list)?.proof(index)?))
}

/// The empty subtrees of a tree of votes.
pub(crate) fn vote_zeros(depth: u8) -> Result<Zeros, TreeError> {
    Zeros::new(Arity::Quinary, depth, Fr::from(0u64))
}

/// A quinary proof's siblings, four per level.
pub(crate) fn quinary_path(proof: &MerkleProof) -> Vec<[Fr; 4]> {
    proof.siblings.iter().map(|level| poseidon::padded(level)).collect()
}

/// A binary proof's siblings, one per level.
pub(crate) fn binary_path(proof: &MerkleProof) -> Vec<Fr> {
    proof.siblings.iter().flatten().copied().collect()
}
