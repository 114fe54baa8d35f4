use maci_crypto::Fr;

use super::{TallyCommitments, TallySalts};
use crate::poll::Mode;

/// Sums over ballots, one place for each of the `5^depth` options a ballot has room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyTotals {
    /// Votes per option.
    pub results: Vec<Fr>,
    /// Credits spent on all options together.
    pub spent: Fr,
    /// Credits spent per option; QV only.
    pub per_option_spent: Option<Vec<Fr>>,
}

impl TallyTotals {
    /// No votes yet, for ballots with room for `capacity` options.
    pub fn zero(mode: Mode, capacity: usize) -> Self {
        let zeros = || vec![Fr::from(0u64); capacity];
        Self {
            results: zeros(),
            spent: Fr::from(0u64),
            per_option_spent: match mode {
                Mode::Qv => Some(zeros()),
                Mode::NonQv | Mode::Full => None,
            },
        }
    }

    /// Adds a ballot's votes, given from option 0 on.
    pub fn add(&mut self, votes: &[Fr]) {
        for (sum, votes) in self.results.iter_mut().zip(votes) {
            *sum += votes;
        }
        let Some(per_option) = &mut self.per_option_spent else {
            self.spent += votes.iter().sum::<Fr>();
            return;
        };
        for (sum, votes) in per_option.iter_mut().zip(votes) {
            let price = votes * votes;
            *sum += price;
            self.spent += price;
        }
    }

    /// What the contracts hold of these sums under the salts.
    pub fn commitments(&self, salts: &TallySalts) -> TallyCommitments {
        TallyCommitments::of(self, salts)
    }
}
