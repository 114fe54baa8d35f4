use super::{TallyCommitments, TallySalts, TallyTotals};
use crate::poll::Mode;

/// A finished tally: the sums, the last batch's salts, and the commitments they open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How votes were paid for.
    pub mode: Mode,
    /// Options that could be voted for; the sums have places for more.
    pub vote_options: u64,
    /// The sums.
    pub totals: TallyTotals,
    /// The last batch's salts.
    pub salts: TallySalts,
    /// What the tally contract holds when all batches are proven.
    pub commitments: TallyCommitments,
}

impl Tally {
    /// Closes a tally.
    pub fn new(mode: Mode, vote_options: u64, totals: TallyTotals, salts: TallySalts) -> Self {
        let commitments = totals.commitments(&salts);
        Self {
            mode,
            vote_options,
            totals,
            salts,
            commitments,
        }
    }
}
