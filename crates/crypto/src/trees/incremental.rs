//! Trees of fixed depth and arity.

use super::{Arity, MerkleProof, TreeError, Zeros};
use crate::Fr;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// From this many nodes of a level on, building it is shared between threads.
const PARALLEL_NODES: usize = 32;

/// A tree that stores only what differs from an empty one; setting a leaf hashes once per level.
///
/// Equal contents mean equal trees, however they came about. Copies share the zeros.
#[derive(Debug, Clone)]
pub struct IncrementalTree {
    zeros: Zeros,
    /// From the leaves to the root, the nodes that were ever set.
    levels: Vec<BTreeMap<u64, Fr>>,
    /// One more than the greatest index ever set.
    length: u64,
}

impl IncrementalTree {
    /// An empty tree.
    ///
    /// # Errors
    /// When the depth does not fit 32-bit leaf indices.
    pub fn new(arity: Arity, depth: u8, zero: Fr) -> Result<Self, TreeError> {
        Zeros::new(arity, depth, zero).map(Self::empty)
    }

    /// An empty tree as deep as its zeros, which many trees may share.
    #[must_use]
    pub fn empty(zeros: Zeros) -> Self {
        let levels = vec![BTreeMap::new(); zeros.levels().len()];
        Self {
            zeros,
            levels,
            length: 0,
        }
    }

    /// A tree with these first leaves, built level by level on all cores.
    ///
    /// # Errors
    /// When there are more leaves than the tree has room for.
    pub fn from_leaves(zeros: Zeros, leaves: &[Fr]) -> Result<Self, TreeError> {
        let (length, capacity) = (leaves.len() as u64, zeros.capacity());
        if length > capacity {
            return Err(TreeError::OutsideCapacity {
                index: capacity,
                capacity,
            });
        }
        let arity = zeros.arity();
        let mut nodes = leaves.to_vec();
        let mut levels = Vec::with_capacity(zeros.levels().len());
        for zero in zeros.levels() {
            let parent = |children: &[Fr]| {
                let mut all = [*zero; 5];
                for (slot, child) in all.iter_mut().zip(children) {
                    *slot = *child;
                }
                arity.parent(&all)
            };
            let groups = arity.children() as usize;
            let parents = if nodes.len() >= PARALLEL_NODES {
                nodes.par_chunks(groups).map(parent).collect()
            } else {
                nodes.chunks(groups).map(parent).collect()
            };
            levels.push((0..).zip(std::mem::replace(&mut nodes, parents)).collect());
        }
        Ok(Self { zeros, levels, length })
    }

    /// How nodes are hashed.
    #[must_use]
    pub const fn arity(&self) -> Arity {
        self.zeros.arity()
    }

    /// Levels between leaves and root.
    #[must_use]
    pub fn depth(&self) -> u8 {
        self.zeros.depth()
    }

    /// Leaves there is room for.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.zeros.capacity()
    }

    /// One more than the greatest index ever set.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Whether no leaf was ever set.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Fr {
        self.node(self.depth(), 0)
    }

    /// A leaf: the zero value if it was never set.
    ///
    /// # Errors
    /// When the index is outside the tree.
    pub fn leaf(&self, index: u64) -> Result<Fr, TreeError> {
        self.check(index)?;
        Ok(self.node(0, index))
    }

    /// Appends a leaf after the greatest index ever set and returns its index.
    ///
    /// # Errors
    /// When the tree is full.
    pub fn push(&mut self, leaf: Fr) -> Result<u64, TreeError> {
        let index = self.length;
        self.update(index, leaf)?;
        Ok(index)
    }

    /// Sets a leaf, at any index.
    ///
    /// # Errors
    /// When the index is outside the tree.
    pub fn update(&mut self, index: u64, leaf: Fr) -> Result<(), TreeError> {
        self.check(index)?;
        self.length = self.length.max(index + 1);
        let arity = self.arity();
        let (mut node, mut position) = (leaf, index);
        for height in 0..=self.depth() {
            if let Some(level) = self.levels.get_mut(usize::from(height)) {
                level.insert(position, node);
            }
            if height < self.depth() {
                position /= arity.children();
                node = arity.parent(&self.children(height, position));
            }
        }
        Ok(())
    }

    /// The proof of a leaf.
    ///
    /// # Errors
    /// When the index is outside the tree.
    pub fn proof(&self, index: u64) -> Result<MerkleProof, TreeError> {
        self.check(index)?;
        Ok(self.proof_from(0, index))
    }

    /// The proof of the aligned run of `arity^height` leaves that starts at leaf `start`; its leaf is the run's root.
    ///
    /// # Errors
    /// When `start` is not a multiple of the run's length or the run lies outside the tree.
    pub fn subroot_proof(&self, start: u64, height: u8) -> Result<MerkleProof, TreeError> {
        self.check(start)?;
        let run = self.arity().capacity(height);
        if height > self.depth() || !start.is_multiple_of(run) {
            return Err(TreeError::Unaligned { start, height });
        }
        Ok(self.proof_from(height, start / run))
    }

    fn proof_from(&self, height: u8, mut position: u64) -> MerkleProof {
        let arity = self.arity();
        let mut proof = MerkleProof {
            arity,
            leaf: self.node(height, position),
            siblings: Vec::new(),
            positions: Vec::new(),
        };
        for height in height..self.depth() {
            let own = position % arity.children();
            position /= arity.children();
            let mut siblings = self.children(height, position);
            siblings.remove(own as usize);
            proof.siblings.push(siblings);
            proof.positions.push(own as u8);
        }
        proof
    }

    /// The nodes at `height` below the node `parent` one level up.
    fn children(&self, height: u8, parent: u64) -> Vec<Fr> {
        let first = parent * self.arity().children();
        (first..first + self.arity().children())
            .map(|position| self.node(height, position))
            .collect()
    }

    fn node(&self, height: u8, position: u64) -> Fr {
        let stored = self
            .levels
            .get(usize::from(height))
            .and_then(|level| level.get(&position));
        stored.copied().or_else(|| self.zeros.at(height)).unwrap_or_default()
    }

    fn check(&self, index: u64) -> Result<(), TreeError> {
        let capacity = self.capacity();
        if index < capacity {
            Ok(())
        } else {
            Err(TreeError::OutsideCapacity { index, capacity })
        }
    }
}

impl PartialEq for IncrementalTree {
    fn eq(&self, other: &Self) -> bool {
        // Collision resistance makes equal roots equal contents.
        self.zeros == other.zeros && self.root() == other.root()
    }
}

impl Eq for IncrementalTree {}
