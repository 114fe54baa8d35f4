//! A voter has joined a poll: PollJoined.

use maci_crypto::Fr;
use maci_crypto::keys::SecretScalar;
use maci_crypto::trees::CompleteSubtreeProof;

use super::CircuitInputs;
use super::broken::{Broken, ensure};
use super::path::binary_root;
use super::poll_joining::padded;
use super::process::levels;
use crate::circuit::{CircuitId, Template};
use crate::vote::StateLeaf;

/// A voter's claim to have joined a poll: its leaf leads to a root that the contract knows.
#[derive(Debug, Clone)]
pub struct PollJoinedStatement {
    /// Levels of the state tree that the circuit has room for.
    pub state_tree_depth: u8,
    /// Public: a value of the contract's `pollStateRootsOnJoin`.
    pub state_root: Fr,
    /// The voter's secret scalar.
    pub private_key: SecretScalar,
    /// The credits the voter joined with.
    pub voice_credit_balance: Fr,
    /// Siblings on the way to the root, lowest first.
    pub siblings: Vec<Fr>,
    /// On which side the voter's node stands at each level, lowest bit first.
    pub index: u64,
}

impl PollJoinedStatement {
    /// The claim that works for every voter at any time: the contract's root number i is that of
    /// the largest complete subtree that ends at leaf i, so `path` is the voter's leaf in that
    /// subtree.
    pub fn new(
        state_tree_depth: u8,
        private_key: SecretScalar,
        voice_credit_balance: Fr,
        path: CompleteSubtreeProof,
    ) -> Self {
        Self {
            state_tree_depth,
            state_root: path.root,
            private_key,
            voice_credit_balance,
            siblings: path.siblings,
            index: path.index,
        }
    }

    /// The circuit that proves it.
    pub fn circuit(&self) -> CircuitId {
        CircuitId::new(Template::PollJoined, &[self.state_tree_depth])
    }

    /// The circuit's input signals. They contain the voter's secret scalar.
    pub fn inputs(&self) -> CircuitInputs {
        CircuitInputs::default()
            .with("privateKey", self.private_key.expose())
            .with("voiceCreditsBalance", self.voice_credit_balance)
            .with("pathElements", levels(&padded(&self.siblings, self.state_tree_depth)))
            .with("index", self.index)
            .with("actualStateTreeDepth", self.siblings.len() as u64)
            .with("stateRoot", self.state_root)
    }

    /// Checks what the circuit proves.
    pub fn holds(&self) -> Result<(), Broken> {
        ensure(
            self.siblings.len() <= usize::from(self.state_tree_depth),
            Broken::Shape("pathElements"),
        )?;
        let leaf = StateLeaf {
            public_key: self.private_key.public_key().point(),
            voice_credit_balance: self.voice_credit_balance,
        };
        let root = binary_root(leaf.hash(), self.index, &self.siblings);
        ensure(root == self.state_root, Broken::StateRoot)
    }
}
