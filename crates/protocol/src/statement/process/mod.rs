//! One batch of messages: from the state it finds to the state it leaves.

use maci_crypto::curve::Point;
use maci_crypto::keys::SecretScalar;
use maci_crypto::{Fr, poseidon};

use super::CircuitInputs;
use crate::circuit::{CircuitId, Template};
use crate::poll::Mode;
use crate::vote::{Message, StateLeaf};

mod holds;

/// What the contract knows about a batch, in the order of the proof's public inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessPublic {
    /// State leaves, the blank one included.
    pub total_signups: u64,
    /// The message chain's hash at the batch's end.
    pub output_batch_hash: Fr,
    /// Levels of the state tree that leaves fill.
    pub actual_state_tree_depth: u8,
    /// The hash of the coordinator's public key.
    pub coordinator_public_key_hash: Fr,
    /// Options that may be voted for.
    pub vote_options: u64,
    /// The commitment to state and ballots before the batch.
    pub current_sb_commitment: Fr,
    /// The commitment to state and ballots after the batch.
    pub new_sb_commitment: Fr,
    /// The batch's first message.
    pub index: u64,
    /// One past the batch's last message; slots from there on are padding.
    pub batch_end_index: u64,
}

/// What only the coordinator knows about a batch.
#[derive(Debug, Clone)]
pub struct ProcessPrivate {
    /// The message chain's hash before the batch.
    pub input_batch_hash: Fr,
    /// The coordinator's secret scalar.
    pub coordinator_private_key: SecretScalar,
    /// Root of the state tree before the batch.
    pub current_state_root: Fr,
    /// Root of the ballot tree before the batch.
    pub current_ballot_root: Fr,
    /// Salt of the commitment before the batch.
    pub current_sb_salt: Fr,
    /// Salt of the commitment after the batch.
    pub new_sb_salt: Fr,
    /// The messages in order of publication, each with what it finds when its turn comes, from
    /// the last to the first.
    pub slots: Vec<Slot>,
}

/// A message and what it addresses, before it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The message.
    pub message: Message,
    /// The state leaf addressed, or the blank one.
    pub leaf: StateLeaf,
    /// Its siblings, lowest first; zeros above the levels that leaves fill.
    pub leaf_path: Vec<Fr>,
    /// The ballot's nonce.
    pub nonce: Fr,
    /// The root of the ballot's votes.
    pub vote_root: Fr,
    /// The ballot's siblings, lowest first.
    pub ballot_path: Vec<Fr>,
    /// The ballot's votes for the option addressed, or for option 0.
    pub vote_weight: Fr,
    /// That vote's siblings, four per level, lowest first.
    pub vote_path: Vec<[Fr; 4]>,
}

/// One batch of messages as its circuit is asked to prove it.
#[derive(Debug, Clone)]
pub struct ProcessStatement {
    /// How votes are paid for.
    pub mode: Mode,
    /// Levels of the state and ballot trees.
    pub state_tree_depth: u8,
    /// Messages in a batch.
    pub message_batch_size: u8,
    /// Levels of the tree of votes.
    pub vote_option_tree_depth: u8,
    /// What the contract knows.
    pub public: ProcessPublic,
    /// What only the coordinator knows.
    pub private: ProcessPrivate,
}

impl ProcessPublic {
    /// The proof's public inputs, in the contract's order.
    pub fn elements(&self) -> [Fr; 9] {
        [
            Fr::from(self.total_signups),
            self.output_batch_hash,
            Fr::from(self.actual_state_tree_depth),
            self.coordinator_public_key_hash,
            Fr::from(self.vote_options),
            self.current_sb_commitment,
            self.new_sb_commitment,
            Fr::from(self.index),
            Fr::from(self.batch_end_index),
        ]
    }
}

impl ProcessStatement {
    /// The circuit that proves it.
    pub fn circuit(&self) -> CircuitId {
        let Self {
            state_tree_depth,
            message_batch_size,
            vote_option_tree_depth,
            ..
        } = *self;
        CircuitId::new(
            Template::MessageProcessor(self.mode),
            &[state_tree_depth, message_batch_size, vote_option_tree_depth],
        )
    }

    /// The circuit's input signals. They contain the coordinator's secret scalar.
    pub fn inputs(&self) -> CircuitInputs {
        let Self { public, private, .. } = self;
        let slots = &private.slots;
        CircuitInputs::default()
            .with("totalSignups", public.total_signups)
            .with("batchEndIndex", public.batch_end_index)
            .with("index", public.index)
            .with("inputBatchHash", private.input_batch_hash)
            .with("outputBatchHash", public.output_batch_hash)
            .with("messages", each(slots, |slot| slot.message.data))
            .with("actualStateTreeDepth", u64::from(public.actual_state_tree_depth))
            .with("coordinatorPrivateKey", private.coordinator_private_key.expose())
            .with(
                "encryptionPublicKeys",
                each(slots, |slot| pair(slot.message.encryption_public_key)),
            )
            .with("currentStateRoot", private.current_state_root)
            .with("currentBallotRoot", private.current_ballot_root)
            .with("currentSbCommitment", public.current_sb_commitment)
            .with("currentSbSalt", private.current_sb_salt)
            .with("voteOptions", public.vote_options)
            .with("currentStateLeaves", each(slots, |slot| slot.leaf.elements()))
            .with(
                "currentStateLeavesPathElements",
                each(slots, |slot| levels(&slot.leaf_path)),
            )
            .with("currentBallots", each(slots, |slot| [slot.nonce, slot.vote_root]))
            .with(
                "currentBallotsPathElements",
                each(slots, |slot| levels(&slot.ballot_path)),
            )
            .with("currentVoteWeights", each(slots, |slot| slot.vote_weight))
            .with(
                "currentVoteWeightsPathElements",
                each(slots, |slot| slot.vote_path.clone()),
            )
            .with("newSbSalt", private.new_sb_salt)
            .with("newSbCommitment", public.new_sb_commitment)
            .with("coordinatorPublicKeyHash", public.coordinator_public_key_hash)
    }
}

/// The commitment to state and ballots.
pub fn sb_commitment(state_root: Fr, ballot_root: Fr, salt: Fr) -> Fr {
    poseidon::hash3(state_root, ballot_root, salt)
}

fn each<T>(slots: &[Slot], value: impl Fn(&Slot) -> T) -> Vec<T> {
    slots.iter().map(value).collect()
}

fn pair(point: Point) -> [Fr; 2] {
    [point.x, point.y]
}

/// One sibling per level, each in a list of its own, as a binary tree's paths are shaped.
pub(super) fn levels(path: &[Fr]) -> Vec<[Fr; 1]> {
    path.iter().map(|sibling| [*sibling]).collect()
}
