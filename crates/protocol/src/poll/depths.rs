use serde::{Deserialize, Serialize};

/// How large a poll's trees are, in levels; always within what the contracts and circuits can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct TreeDepths {
    tally_processing_state_tree: u8,
    vote_option_tree: u8,
    state_tree: u8,
}

/// Depths that no poll can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DepthError {
    /// Outside 2 to 32.
    #[error("state tree depth {0} is outside 2 to 32")]
    State(u8),
    /// Outside 1 to 5.
    #[error("vote option tree depth {0} is outside 1 to 5")]
    VoteOption(u8),
    /// Not below the state tree's depth, or above 10.
    #[error("tally depth {tally} must be at least 1, at most 10 and below the state tree depth {state}")]
    Tally {
        /// The tally depth given.
        tally: u8,
        /// The state tree depth it goes with.
        state: u8,
    },
}

impl TreeDepths {
    /// Checks the three depths, given in the order of the contracts' `TreeDepths` struct.
    pub fn new(tally_processing: u8, vote_option: u8, state: u8) -> Result<Self, DepthError> {
        if !(2..=32).contains(&state) {
            return Err(DepthError::State(state));
        }
        if !(1..=5).contains(&vote_option) {
            return Err(DepthError::VoteOption(vote_option));
        }
        if !(1..=10).contains(&tally_processing) || tally_processing >= state {
            return Err(DepthError::Tally {
                tally: tally_processing,
                state,
            });
        }
        Ok(Self {
            tally_processing_state_tree: tally_processing,
            vote_option_tree: vote_option,
            state_tree: state,
        })
    }

    /// Levels of ballots that one tally batch covers: a batch has `2^this` ballots.
    pub fn tally_processing_state_tree(&self) -> u8 {
        self.tally_processing_state_tree
    }

    /// Levels of the quinary tree of votes in a ballot.
    pub fn vote_option_tree(&self) -> u8 {
        self.vote_option_tree
    }

    /// Levels of the binary state and ballot trees.
    pub fn state_tree(&self) -> u8 {
        self.state_tree
    }

    /// Ballots in one tally batch.
    pub fn tally_batch_size(&self) -> usize {
        1 << self.tally_processing_state_tree
    }

    /// Options a ballot has room for, `5^depth`; a poll may use fewer.
    pub fn vote_option_capacity(&self) -> usize {
        5usize.pow(u32::from(self.vote_option_tree))
    }

    /// State leaves, the blank one included, that the state tree has room for.
    pub fn state_leaf_capacity(&self) -> u64 {
        1 << self.state_tree
    }
}

#[derive(Serialize, Deserialize)]
struct Unchecked {
    tally_processing_state_tree: u8,
    vote_option_tree: u8,
    state_tree: u8,
}

impl TryFrom<Unchecked> for TreeDepths {
    type Error = DepthError;

    fn try_from(depths: Unchecked) -> Result<Self, DepthError> {
        Self::new(
            depths.tally_processing_state_tree,
            depths.vote_option_tree,
            depths.state_tree,
        )
    }
}

impl From<TreeDepths> for Unchecked {
    fn from(depths: TreeDepths) -> Self {
        Self {
            tally_processing_state_tree: depths.tally_processing_state_tree,
            vote_option_tree: depths.vote_option_tree,
            state_tree: depths.state_tree,
        }
    }
}
