use std::ops::Range;

use maci_crypto::Fr;

use super::Tally;
use crate::vote::path_of_vote;

/// The arguments of `addTallyResults` for some of the options; calls for all options together
/// publish the whole result, in any number and order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddTallyResults {
    /// The options published.
    pub vote_option_indices: Vec<u64>,
    /// Their votes.
    pub tally_results: Vec<Fr>,
    /// Their paths in the tree over all places: levels from the lowest, four siblings each.
    pub tally_result_proofs: Vec<Vec<[Fr; 4]>>,
    /// Credits spent on all options.
    pub total_spent: Fr,
    /// Its salt.
    pub total_spent_salt: Fr,
    /// The salt of the results.
    pub tally_result_salt: Fr,
    /// The commitment to the results.
    pub new_results_commitment: Fr,
    /// The commitment to the credits spent.
    pub spent_voice_credits_hash: Fr,
    /// The commitment to the credits spent per option; 0 unless QV.
    pub per_vo_spent_voice_credits_hash: Fr,
}

/// Options that the poll does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("options {first} to {end} (exclusive) were asked for, but the poll has {vote_options}")]
pub struct NoSuchOption {
    /// First option asked for.
    pub first: u64,
    /// One past the last.
    pub end: u64,
    /// Options the poll has.
    pub vote_options: u64,
}

impl Tally {
    /// The call that publishes these options' results.
    pub fn add_results(&self, options: Range<u64>) -> Result<AddTallyResults, NoSuchOption> {
        let refuse = || NoSuchOption {
            first: options.start,
            end: options.end,
            vote_options: self.vote_options,
        };
        if options.end > self.vote_options {
            return Err(refuse());
        }
        let places = options.clone().map(|option| usize::try_from(option).ok());
        let indices: Vec<usize> = places.collect::<Option<_>>().ok_or_else(refuse)?;
        let results = indices.iter().map(|index| self.totals.results.get(*index).copied());
        let tally_results = results.collect::<Option<_>>().ok_or_else(refuse)?;
        let proofs = options.clone().map(|option| path_of_vote(&self.totals.results, option));
        let tally_result_proofs = proofs.collect::<Result<_, _>>().map_err(|_| refuse())?;
        Ok(AddTallyResults {
            vote_option_indices: options.collect(),
            tally_results,
            tally_result_proofs,
            total_spent: self.totals.spent,
            total_spent_salt: self.salts.spent,
            tally_result_salt: self.salts.results,
            new_results_commitment: self.commitments.results,
            spent_voice_credits_hash: self.commitments.spent,
            per_vo_spent_voice_credits_hash: self.commitments.per_option_spent.unwrap_or_default(),
        })
    }

    /// The path of an option's spent credits in their tree, levels from the lowest, four siblings each; none for an
    /// option without a place, and in modes that do not count credits per option.
    pub fn path_of_spent(&self, option: u64) -> Option<Vec<[Fr; 4]>> {
        path_of_vote(self.totals.per_option_spent.as_ref()?, option).ok()
    }
}
