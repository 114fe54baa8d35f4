use maci_crypto::Fr;

use super::process::Progress;
use crate::vote::{Ballot, StateLeaf};

/// Leaves and ballots when all messages are processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalState {
    /// All leaves, the blank one first.
    pub leaves: Vec<StateLeaf>,
    /// One ballot per leaf.
    pub ballots: Vec<Ballot>,
    /// The root of each ballot's votes.
    pub vote_roots: Vec<Fr>,
    /// Root of the state tree.
    pub state_root: Fr,
    /// Root of the ballot tree.
    pub ballot_root: Fr,
    /// Salt of the last processing batch's commitment.
    pub sb_salt: Fr,
}

impl From<Progress> for FinalState {
    fn from(done: Progress) -> Self {
        let (state_root, ballot_root) = done.trees.roots();
        let (leaves, ballots) = done.state.into_parts();
        let vote_roots = (0..ballots.len()).map(|leaf| done.trees.vote_root(leaf)).collect();
        Self {
            leaves,
            ballots,
            vote_roots,
            state_root,
            ballot_root,
            sb_salt: done.sb_salt,
        }
    }
}
