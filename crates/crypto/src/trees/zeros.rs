//! Roots of empty subtrees.

use super::{Arity, TreeError};
use crate::Fr;
use std::sync::Arc;

/// The roots of empty subtrees of every height up to a depth. Copies share the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zeros {
    arity: Arity,
    /// From height 0, the zero leaf, to the empty tree's root; never empty.
    levels: Arc<[Fr]>,
}

impl Zeros {
    /// Height 0 is `zero`; each further height hashes the one below, repeated for every child.
    ///
    /// # Errors
    /// When the depth does not fit 32-bit leaf indices.
    pub fn new(arity: Arity, depth: u8, zero: Fr) -> Result<Self, TreeError> {
        if depth > arity.max_depth() {
            return Err(TreeError::TooDeep {
                depth,
                arity: arity.children(),
                max: arity.max_depth(),
            });
        }
        let levels = std::iter::successors(Some(zero), |below| Some(arity.parent(&[*below; 5])));
        Ok(Self {
            arity,
            levels: levels.take(usize::from(depth) + 1).collect(),
        })
    }

    /// How nodes are hashed.
    #[must_use]
    pub const fn arity(&self) -> Arity {
        self.arity
    }

    /// The greatest height.
    #[must_use]
    pub fn depth(&self) -> u8 {
        (self.levels.len() - 1) as u8
    }

    /// Leaves of a tree of that depth.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.arity.capacity(self.depth())
    }

    /// The root of an empty subtree, or nothing above the depth.
    #[must_use]
    pub fn at(&self, height: u8) -> Option<Fr> {
        self.levels.get(usize::from(height)).copied()
    }

    /// The root of an empty tree.
    #[must_use]
    pub fn root(&self) -> Fr {
        self.levels.last().copied().unwrap_or_default()
    }

    /// The values from the zero leaf upwards.
    #[must_use]
    pub fn levels(&self) -> &[Fr] {
        &self.levels
    }
}
