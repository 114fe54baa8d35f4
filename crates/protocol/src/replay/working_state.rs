use maci_crypto::Fr;

use super::opening::Opened;
use crate::verdict::{Addressed, Checks, NoWitness, PollRules, Verdict};
use crate::vote::{Ballot, Command, StateLeaf};

/// Leaves and ballots while messages are applied.
#[derive(Debug, Clone)]
pub(super) struct WorkingState {
    leaves: Vec<StateLeaf>,
    ballots: Vec<Ballot>,
}

/// What a message addresses and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The leaf and ballot addressed.
    pub(super) leaf: usize,
    /// The option addressed.
    pub(super) option: u32,
}

impl WorkingState {
    /// The state before any message: everybody's joining leaf and an empty ballot each.
    pub(super) fn new(leaves: &[StateLeaf]) -> Self {
        Self {
            leaves: leaves.to_vec(),
            ballots: vec![Ballot::default(); leaves.len()],
        }
    }

    /// All leaves and ballots.
    pub(super) fn into_parts(self) -> (Vec<StateLeaf>, Vec<Ballot>) {
        (self.leaves, self.ballots)
    }

    /// All ballots, one per leaf.
    pub(super) fn ballots(&self) -> &[Ballot] {
        &self.ballots
    }

    /// A leaf; the blank one where there is none.
    pub(super) fn leaf(&self, index: usize) -> StateLeaf {
        self.leaves.get(index).copied().unwrap_or(StateLeaf::BLANK)
    }

    /// A ballot's nonce and its votes for an option.
    pub(super) fn ballot(&self, index: usize, option: u32) -> (u64, u64) {
        self.ballots
            .get(index)
            .map_or((0, 0), |ballot| (ballot.nonce, ballot.votes(option)))
    }

    /// Judges a message as things stand.
    pub(super) fn judge(&self, rules: &PollRules, opened: &Opened) -> Result<Judged, NoWitness> {
        let command = &opened.signed.command;
        let leaf = usize::try_from(rules.leaf_index(command)).unwrap_or(0);
        let option = u32::try_from(rules.option_index(command)).unwrap_or(0);
        let current = self.leaf(leaf);
        let (nonce, votes) = self.ballot(leaf, option);
        let addressed = Addressed {
            leaf: current,
            nonce: Fr::from(nonce),
            votes: Fr::from(votes),
        };
        let checks = Checks {
            encryption_key_counts: opened.encryption_key_counts,
            signature_counts: opened.signature_counts(&current.public_key)?,
        };
        let verdict = rules.judge(command, &addressed, checks)?;
        Ok(Judged { verdict, leaf, option })
    }

    /// Does what a message says, if it counts; says whether it did.
    pub(super) fn apply(&mut self, command: &Command, judged: &Judged) -> bool {
        let Verdict::Valid { balance } = judged.verdict else {
            return false;
        };
        let (leaf, ballot) = (self.leaves.get_mut(judged.leaf), self.ballots.get_mut(judged.leaf));
        let (Some(leaf), Some(ballot)) = (leaf, ballot) else {
            return false;
        };
        *leaf = StateLeaf {
            public_key: command.new_public_key,
            voice_credit_balance: balance,
        };
        ballot.nonce += 1;
        ballot.set_votes(judged.option, command.new_vote_weight);
        true
    }
}

/// Judges all messages from the last to the first; the answers are in order of publication.
pub(super) fn judge_all(
    leaves: &[StateLeaf],
    rules: &PollRules,
    opened: &[Result<Opened, NoWitness>],
) -> Vec<Result<Judged, NoWitness>> {
    let mut state = WorkingState::new(leaves);
    let backwards = opened.iter().rev().map(|opened| {
        let opened = opened.as_ref().map_err(|reason| *reason)?;
        let judged = state.judge(rules, opened)?;
        state.apply(&opened.signed.command, &judged);
        Ok(judged)
    });
    let mut answers: Vec<_> = backwards.collect();
    answers.reverse();
    answers
}
