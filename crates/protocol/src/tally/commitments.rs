use maci_crypto::{Fr, poseidon};

use super::TallyTotals;
use crate::vote::root_of_votes;

/// What hides the sums after a tally batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TallySalts {
    /// Of the votes per option.
    pub results: Fr,
    /// Of all credits spent.
    pub spent: Fr,
    /// Of the credits spent per option; 0 unless QV.
    pub per_option_spent: Fr,
}

/// Commitments to the sums after a tally batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TallyCommitments {
    /// To the votes per option.
    pub results: Fr,
    /// To all credits spent.
    pub spent: Fr,
    /// To the credits spent per option; QV only.
    pub per_option_spent: Option<Fr>,
    /// To all of them: what the tally contract holds.
    pub tally: Fr,
}

impl TallySalts {
    /// The salts before the first batch.
    pub const NONE: Self = Self {
        results: ark_ff::MontFp!("0"),
        spent: ark_ff::MontFp!("0"),
        per_option_spent: ark_ff::MontFp!("0"),
    };
}

impl TallyCommitments {
    pub(super) fn of(totals: &TallyTotals, salts: &TallySalts) -> Self {
        let results = poseidon::hash2(root_of_votes(&totals.results), salts.results);
        let spent = poseidon::hash2(totals.spent, salts.spent);
        let per_option_spent = totals
            .per_option_spent
            .as_ref()
            .map(|sums| poseidon::hash2(root_of_votes(sums), salts.per_option_spent));
        let tally = match per_option_spent {
            Some(per_option) => poseidon::hash3(results, spent, per_option),
            None => poseidon::hash2(results, spent),
        };
        Self {
            results,
            spent,
            per_option_spent,
            tally,
        }
    }
}
