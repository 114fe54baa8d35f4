//! Merkle trees (protocol section 7).
//!
//! - [`Arity`], [`Zeros`]   how nodes are hashed, and what empty subtrees hash to
//! - [`IncrementalTree`]   fixed depth; states, ballots, vote options, results
//! - [`MerkleProof`]   its proofs, of leaves and of aligned runs of leaves
//! - [`LeanImt`]   the sign-up tree: no zeros, path-compressed proofs
//! - [`LazyTree`]   the poll state tree as the contract keeps it, with the contract's insert return values

mod arity;
mod incremental;
mod lazy;
mod lean;
mod proof;
mod zeros;

pub use arity::{Arity, depth_for_leaves};
pub use incremental::IncrementalTree;
pub use lazy::{CompleteSubtreeProof, LazyTree};
pub use lean::{LeanImt, LeanProof};
pub use proof::MerkleProof;
pub use zeros::Zeros;

use thiserror::Error;

/// Why a tree cannot do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TreeError {
    /// The depth is larger than any tree of MACI has.
    #[error("a tree of depth {depth} and arity {arity} is too deep, at most {max} is possible")]
    TooDeep {
        /// Depth asked for.
        depth: u8,
        /// Children per node.
        arity: u64,
        /// Largest depth of that arity.
        max: u8,
    },
    /// The index is not below the tree's capacity.
    #[error("leaf {index} lies outside a tree of {capacity} leaves")]
    OutsideCapacity {
        /// Index asked for.
        index: u64,
        /// Leaves the tree has room for.
        capacity: u64,
    },
    /// The leaf has not been inserted.
    #[error("leaf {index} has not been inserted, there are {length}")]
    NotInserted {
        /// Index asked for.
        index: u64,
        /// Leaves inserted so far.
        length: u64,
    },
    /// A subtree of that height does not start at that leaf, or does not fit into the tree.
    #[error("no subtree of height {height} starts at leaf {start}")]
    Unaligned {
        /// First leaf asked for.
        start: u64,
        /// Height asked for.
        height: u8,
    },
}
