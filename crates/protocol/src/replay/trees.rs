use maci_crypto::Fr;
use maci_crypto::constants::BLANK_LEAF_HASH;
use maci_crypto::trees::{Arity, IncrementalTree, TreeError, Zeros, depth_for_leaves};
use rayon::prelude::*;

use super::working_state::WorkingState;
use crate::poll::TreeDepths;
use crate::statement::Slot;
use crate::vote::{Message, StateLeaf, ballot_hash, binary_path, empty_ballot_hash, quinary_path, vote_zeros};

/// The trees over a working state, kept in step with it message by message.
#[derive(Debug)]
pub(super) struct Trees {
    depths: TreeDepths,
    state: IncrementalTree,
    ballots: IncrementalTree,
    /// The votes of ballots that have any; the others share `empty_votes`.
    votes: Vec<Option<Box<IncrementalTree>>>,
    empty_votes: IncrementalTree,
}

impl Trees {
    /// The trees before any message.
    pub(super) fn new(depths: TreeDepths, leaves: &[StateLeaf]) -> Result<Self, TreeError> {
        let hashes: Vec<Fr> = leaves.par_iter().map(StateLeaf::hash).collect();
        let filled = depth_for_leaves(Arity::Binary, leaves.len() as u64);
        let state_zeros = Zeros::new(Arity::Binary, filled, BLANK_LEAF_HASH)?;
        let empty_ballot = empty_ballot_hash(depths.vote_option_tree())?;
        let ballot_zeros = Zeros::new(Arity::Binary, depths.state_tree(), empty_ballot)?;
        Ok(Self {
            depths,
            state: IncrementalTree::from_leaves(state_zeros, &hashes)?,
            ballots: IncrementalTree::empty(ballot_zeros),
            votes: vec![None; leaves.len()],
            empty_votes: IncrementalTree::empty(vote_zeros(depths.vote_option_tree())?),
        })
    }

    /// Levels of the state tree that leaves fill.
    pub(super) fn filled_depth(&self) -> u8 {
        self.state.depth()
    }

    /// Roots of the state tree and of the ballot tree.
    pub(super) fn roots(&self) -> (Fr, Fr) {
        (self.state.root(), self.ballots.root())
    }

    /// Root of the votes of a ballot.
    pub(super) fn vote_root(&self, leaf: usize) -> Fr {
        self.votes_of(leaf).root()
    }

    /// The siblings of the batch of ballots that starts at `start`.
    pub(super) fn ballot_batch_path(&self, start: u64) -> Result<Vec<Fr>, TreeError> {
        let height = self.depths.tally_processing_state_tree();
        Ok(binary_path(&self.ballots.subroot_proof(start, height)?))
    }

    /// What a message finds: the leaf, ballot and vote it addresses, with their paths.
    pub(super) fn open(
        &self,
        state: &WorkingState,
        message: &Message,
        leaf: usize,
        option: u32,
    ) -> Result<Slot, TreeError> {
        let index = leaf as u64;
        let mut leaf_path = binary_path(&self.state.proof(index)?);
        leaf_path.resize(usize::from(self.depths.state_tree()), Fr::from(0u64));
        let (nonce, weight) = state.ballot(leaf, option);
        let votes = self.votes_of(leaf);
        Ok(Slot {
            message: message.clone(),
            leaf: state.leaf(leaf),
            leaf_path,
            nonce: Fr::from(nonce),
            vote_root: votes.root(),
            ballot_path: binary_path(&self.ballots.proof(index)?),
            vote_weight: Fr::from(weight),
            vote_path: quinary_path(&votes.proof(u64::from(option))?),
        })
    }

    /// Takes over one changed leaf and the one changed vote of its ballot.
    pub(super) fn follow(&mut self, state: &WorkingState, leaf: usize, option: u32) -> Result<(), TreeError> {
        let index = leaf as u64;
        let (nonce, weight) = state.ballot(leaf, option);
        let Self {
            state: leaves,
            ballots,
            votes,
            empty_votes,
            ..
        } = self;
        let follow_leaf = || leaves.update(index, state.leaf(leaf).hash());
        let follow_ballot = || {
            let Some(votes) = votes.get_mut(leaf) else {
                return Ok(());
            };
            let votes = votes.get_or_insert_with(|| Box::new(empty_votes.clone()));
            votes.update(u64::from(option), Fr::from(weight))?;
            ballots.update(index, ballot_hash(nonce, votes.root()))
        };
        let (leaf, ballot) = rayon::join(follow_leaf, follow_ballot);
        leaf.and(ballot)
    }

    fn votes_of(&self, leaf: usize) -> &IncrementalTree {
        let own = self.votes.get(leaf).and_then(Option::as_deref);
        own.unwrap_or(&self.empty_votes)
    }
}
