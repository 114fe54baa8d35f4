use maci_crypto::Fr;
use maci_crypto::trees::TreeError;

use super::process::Progress;
use crate::poll::{Mode, PollConfig};
use crate::salts::{SaltRole, SaltSlot, Salts};
use crate::statement::{BallotOpening, TallyPrivate, TallyPublic, TallyStatement, sb_commitment};
use crate::tally::{Tally, TallySalts, TallyTotals};

/// One batch of ballots, ready to be proven.
#[derive(Debug, Clone)]
pub struct TallyBatch {
    /// The proof's number, from 0.
    pub number: u64,
    /// What is proven.
    pub statement: TallyStatement,
}

/// Makes the tally's batches, the first one first, and the result.
pub(super) fn tally_batches(
    config: &PollConfig,
    chain_hash: Fr,
    salts: &dyn Salts,
    progress: &Progress,
) -> Result<(Vec<TallyBatch>, Tally), TreeError> {
    let depths = config.depths();
    let (state_root, ballot_root) = progress.trees.roots();
    let sb_commitment = sb_commitment(state_root, ballot_root, progress.sb_salt);
    let voters = progress.state.ballots().len();

    let mut current = TallyTotals::zero(config.mode(), depths.vote_option_capacity());
    let mut current_salts = TallySalts::NONE;
    // Before the first batch the contract holds 0, not a commitment to nothing.
    let mut current_tally_commitment = Fr::from(0u64);
    let mut batches = Vec::new();
    for (number, start) in (0..).zip((0..voters).step_by(depths.tally_batch_size())) {
        let ballots = ballots_from(start, config, progress);
        let mut sums = current.clone();
        for ballot in &ballots {
            sums.add(&ballot.votes);
        }
        let new_salts = salts_of_batch(config.mode(), number, chain_hash, salts);
        let new_tally_commitment = sums.commitments(&new_salts).tally;
        let public = TallyPublic {
            sb_commitment,
            current_tally_commitment,
            new_tally_commitment,
            index: start as u64,
            total_signups: voters as u64,
        };
        let private = TallyPrivate {
            state_root,
            ballot_root,
            sb_salt: progress.sb_salt,
            ballots,
            ballot_path: progress.trees.ballot_batch_path(start as u64)?,
            current,
            current_salts,
            new_salts,
        };
        let statement = TallyStatement {
            mode: config.mode(),
            depths,
            public,
            private,
        };
        batches.push(TallyBatch { number, statement });
        (current, current_salts, current_tally_commitment) = (sums, new_salts, new_tally_commitment);
    }
    Ok((
        batches,
        Tally::new(config.mode(), config.vote_options(), current, current_salts),
    ))
}

/// A batch's ballots; empty ones beyond the last voter.
fn ballots_from(start: usize, config: &PollConfig, progress: &Progress) -> Vec<BallotOpening> {
    let capacity = config.depths().vote_option_capacity();
    let batch = start..start + config.depths().tally_batch_size();
    let open = |leaf: usize| {
        let ballot = progress.state.ballots().get(leaf);
        BallotOpening {
            nonce: Fr::from(ballot.map_or(0, |ballot| ballot.nonce)),
            vote_root: progress.trees.vote_root(leaf),
            votes: ballot.map_or_else(|| vec![Fr::from(0u64); capacity], |ballot| ballot.dense_votes(capacity)),
        }
    };
    batch.map(open).collect()
}

fn salts_of_batch(mode: Mode, batch: u64, chain_hash: Fr, salts: &dyn Salts) -> TallySalts {
    let salt = |role| {
        salts.salt(&SaltSlot {
            role,
            batch,
            chain_hash,
        })
    };
    TallySalts {
        results: salt(SaltRole::TallyResults),
        spent: salt(SaltRole::TallySpent),
        per_option_spent: match mode {
            Mode::Qv => salt(SaltRole::TallyPerOptionSpent),
            Mode::NonQv | Mode::Full => Fr::from(0u64),
        },
    }
}
