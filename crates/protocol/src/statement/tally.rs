//! One batch of ballots: from the sums before it to the sums after it.

use maci_crypto::{Fr, poseidon};

use super::broken::{Broken, ensure};
use super::path::binary_root;
use super::process::{levels, sb_commitment};
use super::{CircuitInputs, Values};
use crate::circuit::{CircuitId, Template};
use crate::poll::{Mode, TreeDepths};
use crate::tally::{TallySalts, TallyTotals};
use crate::vote::root_of_votes;

/// What the contract knows about a tally batch, in the order of the proof's public inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyPublic {
    /// The last processing batch's commitment to state and ballots.
    pub sb_commitment: Fr,
    /// The commitment to the sums before the batch; 0 before the first.
    pub current_tally_commitment: Fr,
    /// The commitment to the sums after the batch.
    pub new_tally_commitment: Fr,
    /// The batch's first ballot.
    pub index: u64,
    /// State leaves, the blank one included: as many ballots are counted.
    pub total_signups: u64,
}

/// What only the coordinator knows about a tally batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyPrivate {
    /// The final state tree's root.
    pub state_root: Fr,
    /// The final ballot tree's root.
    pub ballot_root: Fr,
    /// The salt of their commitment.
    pub sb_salt: Fr,
    /// The ballots; empty ones beyond the last voter.
    pub ballots: Vec<BallotOpening>,
    /// The siblings of the batch's subtree, lowest first.
    pub ballot_path: Vec<Fr>,
    /// The sums before the batch.
    pub current: TallyTotals,
    /// Their salts.
    pub current_salts: TallySalts,
    /// The salts of the sums after the batch.
    pub new_salts: TallySalts,
}

/// A ballot with all its votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotOpening {
    /// Its nonce.
    pub nonce: Fr,
    /// The root of its votes.
    pub vote_root: Fr,
    /// Votes for each place.
    pub votes: Vec<Fr>,
}

/// One batch of ballots as its circuit is asked to prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyStatement {
    /// How votes were paid for.
    pub mode: Mode,
    /// How large the trees are.
    pub depths: TreeDepths,
    /// What the contract knows.
    pub public: TallyPublic,
    /// What only the coordinator knows.
    pub private: TallyPrivate,
}

impl TallyPublic {
    /// The proof's public inputs, in the contract's order.
    pub fn elements(&self) -> [Fr; 5] {
        [
            self.sb_commitment,
            self.current_tally_commitment,
            self.new_tally_commitment,
            Fr::from(self.index),
            Fr::from(self.total_signups),
        ]
    }
}

impl TallyStatement {
    /// The circuit that proves it.
    pub fn circuit(&self) -> CircuitId {
        let depths = [
            self.depths.state_tree(),
            self.depths.tally_processing_state_tree(),
            self.depths.vote_option_tree(),
        ];
        CircuitId::new(Template::vote_tally(self.mode), &depths)
    }

    /// The circuit's input signals.
    pub fn inputs(&self) -> CircuitInputs {
        let Self { public, private, .. } = self;
        let (current, new) = (&private.current_salts, &private.new_salts);
        let ballots = private.ballots.iter();
        let inputs = CircuitInputs::default()
            .with("stateRoot", private.state_root)
            .with("ballotRoot", private.ballot_root)
            .with("sbSalt", private.sb_salt)
            .with("index", public.index)
            .with("totalSignups", public.total_signups)
            .with("sbCommitment", public.sb_commitment)
            .with("currentTallyCommitment", public.current_tally_commitment)
            .with("newTallyCommitment", public.new_tally_commitment)
            .with("ballots", list(ballots.clone().map(|b| [b.nonce, b.vote_root])))
            .with("ballotPathElements", levels(&private.ballot_path))
            .with("votes", list(ballots.map(|ballot| ballot.votes.clone())))
            .with("currentResults", private.current.results.clone())
            .with("currentResultsRootSalt", current.results)
            .with("currentSpentVoiceCreditSubtotal", private.current.spent)
            .with("currentSpentVoiceCreditSubtotalSalt", current.spent);
        let inputs = match &private.current.per_option_spent {
            Some(spent) => inputs
                .with("currentPerVoteOptionSpentVoiceCredits", spent.clone())
                .with(
                    "currentPerVoteOptionSpentVoiceCreditsRootSalt",
                    current.per_option_spent,
                )
                .with("newPerVoteOptionSpentVoiceCreditsRootSalt", new.per_option_spent),
            None => inputs,
        };
        inputs
            .with("newResultsRootSalt", new.results)
            .with("newSpentVoiceCreditSubtotalSalt", new.spent)
    }

    /// Checks what the circuit proves about this batch.
    pub fn holds(&self) -> Result<(), Broken> {
        self.has_the_circuits_shape()?;
        let Self { public, private, .. } = self;
        ensure(
            sb_commitment(private.state_root, private.ballot_root, private.sb_salt) == public.sb_commitment,
            Broken::Commitment("sbCommitment"),
        )?;
        ensure(public.index <= public.total_signups, Broken::Range("index"))?;
        ensure(
            public.index.is_multiple_of(self.depths.tally_batch_size() as u64),
            Broken::Range("index"),
        )?;
        self.ballots_are_in_the_tree()?;

        // The first batch starts from nothing, whatever stands in the sums before it.
        let first = public.index == 0;
        let before = match first {
            true => Fr::from(0u64),
            false => private.current.commitments(&private.current_salts).tally,
        };
        ensure(
            before == public.current_tally_commitment,
            Broken::Commitment("currentTallyCommitment"),
        )?;
        let mut sums = match first {
            true => TallyTotals::zero(self.mode, self.depths.vote_option_capacity()),
            false => private.current.clone(),
        };
        for ballot in &private.ballots {
            sums.add(&ballot.votes);
        }
        ensure(
            sums.commitments(&private.new_salts).tally == public.new_tally_commitment,
            Broken::Commitment("newTallyCommitment"),
        )
    }

    fn has_the_circuits_shape(&self) -> Result<(), Broken> {
        let Self { depths, private, .. } = self;
        let capacity = depths.vote_option_capacity();
        let upper = depths.state_tree() - depths.tally_processing_state_tree();
        ensure(
            private.ballots.len() == depths.tally_batch_size(),
            Broken::Shape("ballots"),
        )?;
        ensure(
            private.ballots.iter().all(|ballot| ballot.votes.len() == capacity),
            Broken::Shape("votes"),
        )?;
        ensure(
            private.ballot_path.len() == usize::from(upper),
            Broken::Shape("ballotPathElements"),
        )?;
        ensure(
            private.current.results.len() == capacity,
            Broken::Shape("currentResults"),
        )?;
        let per_option = private.current.per_option_spent.as_ref().map(Vec::len);
        ensure(
            per_option == (self.mode == Mode::Qv).then_some(capacity),
            Broken::Shape("currentPerVoteOptionSpentVoiceCredits"),
        )
    }

    fn ballots_are_in_the_tree(&self) -> Result<(), Broken> {
        let private = &self.private;
        for (slot, ballot) in private.ballots.iter().enumerate() {
            ensure(
                root_of_votes(&ballot.votes) == ballot.vote_root,
                Broken::Membership {
                    slot,
                    what: "the ballot's votes",
                },
            )?;
        }
        let mut nodes: Vec<Fr> = private
            .ballots
            .iter()
            .map(|ballot| poseidon::hash2(ballot.nonce, ballot.vote_root))
            .collect();
        while nodes.len() > 1 {
            let pairs = nodes.chunks(2).map(|pair| match pair {
                [left, right] => poseidon::hash2(*left, *right),
                alone => alone.first().copied().unwrap_or_default(),
            });
            nodes = pairs.collect();
        }
        let subroot = nodes.first().copied().unwrap_or_default();
        let position = self.public.index >> self.depths.tally_processing_state_tree();
        ensure(
            binary_root(subroot, position, &private.ballot_path) == private.ballot_root,
            Broken::Membership {
                slot: 0,
                what: "the batch of ballots",
            },
        )
    }
}

fn list<T: Into<Values>>(values: impl Iterator<Item = T>) -> Values {
    Values::Many(values.map(Into::into).collect())
}
