//! The poll state tree as the contract keeps it.

use super::{Arity, TreeError, Zeros, depth_for_leaves};
use crate::Fr;
use crate::poseidon::hash2;

/// Levels for which the contract has zeros.
const MAX_DEPTH: u8 = 32;

/// A binary tree that hashes as little as possible on insertion and grows with its leaves.
///
/// The root for n leaves is that of the fixed tree of depth `D(n)`, see [`depth_for_leaves`]. What the contract's
/// insertion *returns*, and MACI records in `pollStateRootsOnJoin`, is mostly not a root (quirk Q-4).
#[derive(Debug, Clone)]
pub struct LazyTree {
    zeros: Zeros,
    /// Roots of complete subtrees by height: every node whose leaves have all been inserted.
    levels: Vec<Vec<Fr>>,
}

/// A proof in the complete subtree that ends at a leaf, which is what `pollStateRootsOnJoin` allows (section 14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteSubtreeProof {
    /// The leaf proved.
    pub leaf: Fr,
    /// The leaf's index within the subtree: its last, `2^height − 1`.
    pub index: u64,
    /// The left neighbours, lowest first; as many as the subtree is high, possibly none.
    pub siblings: Vec<Fr>,
    /// The subtree's root: what the contract recorded at this leaf's index.
    pub root: Fr,
}

impl LazyTree {
    /// An empty tree with that zero leaf.
    ///
    /// # Errors
    /// None at present; the depth of the contract's zeros fits every index.
    pub fn new(zero: Fr) -> Result<Self, TreeError> {
        Ok(Self {
            zeros: Zeros::new(Arity::Binary, MAX_DEPTH, zero)?,
            levels: Vec::new(),
        })
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

    /// The leaves in order.
    #[must_use]
    pub fn leaves(&self) -> &[Fr] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Depth of the fixed tree with the same root: `D(n)`.
    #[must_use]
    pub fn depth(&self) -> u8 {
        depth_for_leaves(Arity::Binary, self.len())
    }

    /// Appends a leaf and returns what the contract's insertion returns: the root of the complete subtree that ends
    /// at this leaf, which for an even index is the leaf itself.
    ///
    /// # Errors
    /// When the tree is full.
    pub fn push(&mut self, leaf: Fr) -> Result<Fr, TreeError> {
        let (index, capacity) = (self.len(), self.zeros.capacity());
        if index >= capacity {
            return Err(TreeError::OutsideCapacity { index, capacity });
        }
        let mut node = leaf;
        for height in 0..=index.trailing_ones() as usize {
            if height == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else {
                break;
            };
            let left = level.last().copied();
            level.push(node);
            match left {
                Some(left) if level.len().is_multiple_of(2) => node = hash2(left, node),
                Some(_) | None => break,
            }
        }
        Ok(node)
    }

    /// The root of the fixed tree of depth `D(n)`: what the contract's merge computes.
    #[must_use]
    pub fn root(&self) -> Fr {
        let zero = |height| self.zeros.at(height).unwrap_or_default();
        // The node above the first incomplete one of each level; `None` while everything so far is complete or empty.
        let mut open = None;
        for height in 0..self.depth() {
            let complete = self.levels.get(usize::from(height)).map_or(&[][..], Vec::as_slice);
            let last = complete.last().copied().unwrap_or_else(|| zero(height));
            open = match (complete.len() % 2, open) {
                (0, None) => None,
                (0, Some(node)) => Some(hash2(node, zero(height))),
                (_, None) => Some(hash2(last, zero(height))),
                (_, Some(node)) => Some(hash2(last, node)),
            };
        }
        let complete = self
            .levels
            .get(usize::from(self.depth()))
            .and_then(|level| level.first())
            .copied();
        open.or(complete).unwrap_or_else(|| zero(self.depth()))
    }

    /// The proof of a leaf in the complete subtree that ends with it, valid for ever after its insertion.
    ///
    /// # Errors
    /// When there is no such leaf.
    pub fn complete_subtree_proof(&self, index: u64) -> Result<CompleteSubtreeProof, TreeError> {
        let not_inserted = TreeError::NotInserted {
            index,
            length: self.len(),
        };
        let node = |height: u32, position: u64| {
            let level = self.levels.get(height as usize).ok_or(not_inserted)?;
            level.get(position as usize).copied().ok_or(not_inserted)
        };
        let leaf = node(0, index)?;
        let height = index.trailing_ones();
        let siblings = (0..height)
            .map(|height| node(height, (index >> height) - 1))
            .collect::<Result<_, _>>()?;
        let root = node(height, index >> height)?;
        Ok(CompleteSubtreeProof {
            leaf,
            index: (1 << height) - 1,
            siblings,
            root,
        })
    }
}
