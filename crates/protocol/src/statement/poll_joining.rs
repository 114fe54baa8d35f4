//! A voter who signed up joins a poll: PollJoining.

use maci_crypto::curve::Point;
use maci_crypto::keys::SecretScalar;
use maci_crypto::trees::LeanProof;
use maci_crypto::{Fr, poseidon};

use super::CircuitInputs;
use super::broken::{Broken, ensure};
use super::path::binary_root;
use super::process::levels;
use crate::circuit::{CircuitId, Template};
use crate::ids::PollId;

/// What the contract knows of a voter who joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollJoiningPublic {
    /// The key that joins, which is the key that signed up.
    pub poll_public_key: Point,
    /// Marks the key as used in this poll.
    pub nullifier: Fr,
    /// A root of the sign-up tree.
    pub state_root: Fr,
    /// The poll.
    pub poll_id: u64,
}

/// What only the voter knows.
#[derive(Debug, Clone)]
pub struct PollJoiningPrivate {
    /// The voter's secret scalar.
    pub private_key: SecretScalar,
    /// Siblings on the way to the root, only levels that have one, lowest first.
    pub siblings: Vec<Fr>,
    /// On which side the voter's node stands at each of those levels, lowest bit first.
    pub index: u64,
}

/// A voter's claim to join a poll.
#[derive(Debug, Clone)]
pub struct PollJoiningStatement {
    /// Levels of the sign-up tree that the circuit has room for.
    pub state_tree_depth: u8,
    /// What the contract knows.
    pub public: PollJoiningPublic,
    /// What only the voter knows.
    pub private: PollJoiningPrivate,
}

/// Why a voter cannot join.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoiningError {
    /// The leaf is of another key.
    #[error("this key has not signed up: the leaf in the sign-up tree is of another key")]
    NotSignedUp,
    /// The path is longer than the circuit's.
    #[error("the sign-up tree has {levels} levels, the circuit has room for {room}")]
    TooDeep {
        /// Levels of the path.
        levels: usize,
        /// Levels of the circuit.
        room: u8,
    },
}

/// The value that marks a key as used in a poll.
pub fn nullifier(key: &SecretScalar, poll: PollId) -> Fr {
    poseidon::hash2(key.expose(), Fr::from(poll.0))
}

impl PollJoiningPublic {
    /// The proof's public inputs, in the contract's order.
    pub fn elements(&self) -> [Fr; 5] {
        let Point { x, y } = self.poll_public_key;
        [x, y, self.nullifier, self.state_root, Fr::from(self.poll_id)]
    }
}

impl PollJoiningStatement {
    /// The claim of the holder of `private_key`, whose sign-up leaf `proof` is of.
    ///
    /// # Errors
    /// When the proof is of another key's leaf or longer than the circuit.
    pub fn new(
        state_tree_depth: u8,
        private_key: SecretScalar,
        proof: &LeanProof,
        poll: PollId,
    ) -> Result<Self, JoiningError> {
        let LeanProof { siblings, index, .. } = proof.clone();
        if siblings.len() > usize::from(state_tree_depth) {
            return Err(JoiningError::TooDeep {
                levels: siblings.len(),
                room: state_tree_depth,
            });
        }
        let key = private_key.public_key();
        if proof.leaf != key.hash() {
            return Err(JoiningError::NotSignedUp);
        }
        Ok(Self {
            state_tree_depth,
            public: PollJoiningPublic {
                poll_public_key: key.point(),
                nullifier: nullifier(&private_key, poll),
                state_root: binary_root(key.hash(), index, &siblings),
                poll_id: poll.0,
            },
            private: PollJoiningPrivate {
                private_key,
                siblings,
                index,
            },
        })
    }

    /// The circuit that proves it.
    pub fn circuit(&self) -> CircuitId {
        CircuitId::new(Template::PollJoining, &[self.state_tree_depth])
    }

    /// The circuit's input signals. They contain the voter's secret scalar.
    pub fn inputs(&self) -> CircuitInputs {
        let Self { public, private, .. } = self;
        let Point { x, y } = public.poll_public_key;
        CircuitInputs::default()
            .with("privateKey", private.private_key.expose())
            .with("pollPublicKey", [x, y])
            .with("siblings", levels(&padded(&private.siblings, self.state_tree_depth)))
            .with("index", private.index)
            .with("nullifier", public.nullifier)
            .with("stateRoot", public.state_root)
            .with("actualStateTreeDepth", private.siblings.len() as u64)
            .with("pollId", public.poll_id)
    }

    /// Checks what the circuit proves.
    pub fn holds(&self) -> Result<(), Broken> {
        let Self { public, private, .. } = self;
        ensure(
            private.siblings.len() <= usize::from(self.state_tree_depth),
            Broken::Shape("siblings"),
        )?;
        ensure(
            nullifier(&private.private_key, PollId(public.poll_id)) == public.nullifier,
            Broken::Nullifier,
        )?;
        let key = private.private_key.public_key();
        ensure(key.point() == public.poll_public_key, Broken::Key("pollPublicKey"))?;
        ensure(
            private.index.checked_shr(u32::from(self.state_tree_depth)).unwrap_or(0) == 0,
            Broken::Range("index"),
        )?;
        let root = binary_root(key.hash(), private.index, &private.siblings);
        ensure(root == public.state_root, Broken::StateRoot)
    }
}

/// A path filled up with zeros to the circuit's levels.
pub(super) fn padded(path: &[Fr], levels: u8) -> Vec<Fr> {
    let mut path = path.to_vec();
    path.resize(usize::from(levels).max(path.len()), Fr::from(0u64));
    path
}
