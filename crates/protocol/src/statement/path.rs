//! Folding a leaf with its siblings, as the circuits do.

use maci_crypto::{Fr, poseidon};

/// The node above a leaf of a binary tree after each of `siblings`, lowest level first.
pub(super) fn binary_root(leaf: Fr, index: u64, siblings: &[Fr]) -> Fr {
    let step = |(node, index): (Fr, u64), sibling: &Fr| {
        let parent = match index & 1 {
            0 => poseidon::hash2(node, *sibling),
            _ => poseidon::hash2(*sibling, node),
        };
        (parent, index >> 1)
    };
    siblings.iter().fold((leaf, index), step).0
}

/// The root above a leaf of a quinary tree; each level has the four siblings in order.
pub(crate) fn quinary_root(leaf: Fr, index: u64, siblings: &[[Fr; 4]]) -> Fr {
    let step = |(node, index): (Fr, u64), &[a, b, c, d]: &[Fr; 4]| {
        let children = match index % 5 {
            0 => [node, a, b, c, d],
            1 => [a, node, b, c, d],
            2 => [a, b, node, c, d],
            3 => [a, b, c, node, d],
            _ => [a, b, c, d, node],
        };
        (poseidon::hash5(&children), index / 5)
    };
    siblings.iter().fold((leaf, index), step).0
}
