//! The sign-up tree: a binary tree without zeros.

use super::TreeError;
use crate::Fr;
use crate::poseidon::hash2;

/// A binary tree that grows with its leaves; a node without a right sibling moves up unchanged.
///
/// With one leaf the leaf is the root; the depth is `ceil(log2(leaves))`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeanImt {
    /// From the leaves to the root; a level has half as many nodes as the one below, rounded up.
    levels: Vec<Vec<Fr>>,
}

/// A proof that a leaf is in a [`LeanImt`].
///
/// It is path-compressed (quirk Q-3): levels without a sibling are left out, so there may be fewer siblings than
/// levels and `index` may differ from the leaf's index. Circuits take exactly these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeanProof {
    /// The leaf proved.
    pub leaf: Fr,
    /// Bit j says on which side the node stands of the j-th sibling: 1 is right.
    pub index: u64,
    /// The siblings that exist, lowest first.
    pub siblings: Vec<Fr>,
}

impl LeanImt {
    /// An empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// A tree of these leaves.
    #[must_use]
    pub fn from_leaves(leaves: &[Fr]) -> Self {
        let mut tree = Self::new();
        for leaf in leaves {
            tree.push(*leaf);
        }
        tree
    }

    /// Number of leaves.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Whether there are no leaves.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// Levels between leaves and root.
    #[must_use]
    pub fn depth(&self) -> u8 {
        self.levels.len().saturating_sub(1) as u8
    }

    /// The root, or nothing without leaves.
    #[must_use]
    pub fn root(&self) -> Option<Fr> {
        self.levels.last().and_then(|top| top.first()).copied()
    }

    /// The leaves in order.
    #[must_use]
    pub fn leaves(&self) -> &[Fr] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Appends a leaf and returns its index. Hashes at most once per level.
    pub fn push(&mut self, leaf: Fr) -> u64 {
        let index = self.len();
        let (mut node, mut position) = (leaf, index as usize);
        for height in 0.. {
            if height == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else {
                break;
            };
            match level.get_mut(position) {
                Some(slot) => *slot = node,
                None => level.push(node),
            }
            if level.len() == 1 {
                break;
            }
            // A right child has its left sibling; a left child at the end moves up unchanged.
            if position % 2 == 1 {
                node = hash2(level.get(position - 1).copied().unwrap_or_default(), node);
            }
            position /= 2;
        }
        index
    }

    /// The proof of a leaf.
    ///
    /// # Errors
    /// When there is no such leaf.
    pub fn proof(&self, index: u64) -> Result<LeanProof, TreeError> {
        let mut position = index as usize;
        let leaf = self.leaves().get(position).copied().filter(|_| index < self.len());
        let leaf = leaf.ok_or(TreeError::NotInserted {
            index,
            length: self.len(),
        })?;
        let mut proof = LeanProof {
            leaf,
            index: 0,
            siblings: Vec::new(),
        };
        for level in &self.levels {
            if let Some(sibling) = level.get(position ^ 1) {
                proof.index |= (position as u64 & 1) << proof.siblings.len();
                proof.siblings.push(*sibling);
            }
            position /= 2;
        }
        Ok(proof)
    }
}

impl LeanProof {
    /// The root that the proof leads to.
    #[must_use]
    pub fn root(&self) -> Fr {
        self.siblings
            .iter()
            .enumerate()
            .fold(self.leaf, |node, (height, sibling)| {
                if self.index >> height & 1 == 1 {
                    hash2(*sibling, node)
                } else {
                    hash2(node, *sibling)
                }
            })
    }

    /// Whether the proof is well-formed and leads to `root`.
    #[must_use]
    pub fn leads_to(&self, root: Fr) -> bool {
        self.siblings.len() < 64 && self.index >> self.siblings.len() == 0 && self.root() == root
    }
}
