//! Children per node.

use crate::Fr;
use crate::poseidon::{hash2, hash5, padded};

/// How many children a node has, and with it how a node is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// Two children, `H2`: sign-ups, states, ballots.
    Binary,
    /// Five children, `H5`: vote options and results.
    Quinary,
}

impl Arity {
    /// The number of children.
    #[must_use]
    pub const fn children(self) -> u64 {
        match self {
            Self::Binary => 2,
            Self::Quinary => 5,
        }
    }

    /// The depth up to which indices fit 32 bits.
    pub(super) const fn max_depth(self) -> u8 {
        match self {
            Self::Binary => 32,
            Self::Quinary => 13,
        }
    }

    /// Leaves of a complete tree, saturating far beyond any depth a tree may have.
    #[must_use]
    pub const fn capacity(self, depth: u8) -> u64 {
        self.children().saturating_pow(depth as u32)
    }

    /// The parent of the first children given, as many as a node has; missing ones are 0.
    pub(super) fn parent(self, children: &[Fr]) -> Fr {
        match self {
            Self::Binary => {
                let [left, right] = padded(children);
                hash2(left, right)
            }
            Self::Quinary => hash5(&padded(children)),
        }
    }
}

/// The smallest depth, at least 1, at which that many leaves fit: `max(1, ceil(log_arity(leaves)))`.
///
/// For the poll state tree this is `D(n)`, the protocol's `actualStateTreeDepth`.
#[must_use]
pub fn depth_for_leaves(arity: Arity, leaves: u64) -> u8 {
    let mut depth = 1;
    while arity.capacity(depth) < leaves {
        depth += 1;
    }
    depth
}
