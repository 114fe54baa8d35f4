//! Proofs in trees of fixed arity.

use super::Arity;
use crate::Fr;

/// The way from a leaf, or from a subtree's root, up to the root of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerkleProof {
    /// How nodes are hashed.
    pub arity: Arity,
    /// The value proved: a leaf, or the root of a run of leaves.
    pub leaf: Fr,
    /// Per level, lowest first: the siblings in order, the own position left out (`arity − 1` of them).
    pub siblings: Vec<Vec<Fr>>,
    /// Per level, lowest first: the position among the siblings.
    pub positions: Vec<u8>,
}

impl MerkleProof {
    /// The root that the proof leads to.
    #[must_use]
    pub fn root(&self) -> Fr {
        self.root_with(self.leaf)
    }

    /// The root that the same siblings lead to from another leaf.
    #[must_use]
    pub fn root_with(&self, leaf: Fr) -> Fr {
        let mut children = Vec::with_capacity(5);
        self.siblings
            .iter()
            .zip(&self.positions)
            .fold(leaf, |node, (siblings, position)| {
                let (before, after) = siblings.split_at(siblings.len().min(usize::from(*position)));
                children.clear();
                children.extend(before);
                children.push(node);
                children.extend(after);
                self.arity.parent(&children)
            })
    }

    /// Whether the proof is well-formed and leads to `root`.
    #[must_use]
    pub fn leads_to(&self, root: Fr) -> bool {
        let children = self.arity.children() as usize;
        self.siblings.len() == self.positions.len()
            && self.siblings.iter().all(|siblings| siblings.len() == children - 1)
            && self.positions.iter().all(|position| usize::from(*position) < children)
            && self.root() == root
    }
}
