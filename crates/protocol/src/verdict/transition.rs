use std::fmt;

use ark_ff::{BigInt, PrimeField};
use maci_crypto::Fr;

use super::NoWitness;
use crate::circuit::Profile;
use crate::poll::Mode;
use crate::vote::{Command, StateLeaf};

/// `2^252 − 2`: the most that upstream's range check of a balance lets through.
const FOREIGN_LIMIT: BigInt<4> = BigInt([u64::MAX - 1, u64::MAX, u64::MAX, (1 << 60) - 1]);

/// What a poll's circuit judges by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollRules {
    /// Whose circuits.
    pub profile: Profile,
    /// How votes are paid for.
    pub mode: Mode,
    /// Options that may be voted for.
    pub vote_options: u64,
    /// Leaves in the state tree, the blank one included.
    pub state_leaves: u64,
}

/// What a command addresses, before it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressed {
    /// The state leaf.
    pub leaf: StateLeaf,
    /// The ballot's nonce.
    pub nonce: Fr,
    /// The ballot's votes for the option.
    pub votes: Fr,
}

/// The circuit's answer for one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It counts; the voter has this many credits left.
    Valid {
        /// Credits left.
        balance: Fr,
    },
    /// It changes nothing.
    Invalid(InvalidReason),
}

/// The first rule that a command breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvalidReason {
    /// It addresses no leaf.
    StateIndex,
    /// The key in the leaf has not signed it.
    Signature,
    /// Its nonce is not the ballot's next.
    Nonce,
    /// It votes for an option the poll does not have.
    VoteOption,
    /// The vote costs more than the voter has.
    Credits,
    /// FULL: the vote does not spend exactly all credits.
    CreditsLeftOver,
}

impl PollRules {
    /// The leaf a command addresses, or 0 where it addresses none.
    pub fn leaf_index(&self, command: &Command) -> u64 {
        let index = command.state_index.0;
        if index < self.state_leaves { index } else { 0 }
    }

    /// The option a command addresses, or 0 where it addresses none.
    pub fn option_index(&self, command: &Command) -> u64 {
        let index = command.vote_option_index;
        if index < self.vote_options { index } else { 0 }
    }

    /// Judges a command whose signature has been checked against the addressed leaf's key.
    ///
    /// # Errors
    /// Under a foreign profile, balances beyond what its circuit can compare.
    pub fn judge(&self, command: &Command, at: &Addressed, signature_counts: bool) -> Result<Verdict, NoWitness> {
        let weight = Fr::from(command.new_vote_weight);
        let funds = at.leaf.voice_credit_balance + self.price(at.votes);
        let cost = self.price(weight);
        let enough = self.affords(funds, cost)?;
        let reason = if command.state_index.0 >= self.state_leaves {
            InvalidReason::StateIndex
        } else if !signature_counts {
            InvalidReason::Signature
        } else if Fr::from(command.nonce) != at.nonce + Fr::from(1u64) {
            InvalidReason::Nonce
        } else if command.vote_option_index >= self.vote_options {
            InvalidReason::VoteOption
        } else if enough {
            return Ok(Verdict::Valid { balance: funds - cost });
        } else {
            match self.mode {
                Mode::Qv | Mode::NonQv => InvalidReason::Credits,
                Mode::Full => InvalidReason::CreditsLeftOver,
            }
        };
        Ok(Verdict::Invalid(reason))
    }

    /// What a number of votes for one option costs.
    pub fn price(&self, votes: Fr) -> Fr {
        match self.mode {
            Mode::Qv => votes * votes,
            Mode::NonQv | Mode::Full => votes,
        }
    }

    fn affords(&self, funds: Fr, cost: Fr) -> Result<bool, NoWitness> {
        match self.mode {
            Mode::Full => Ok(funds == cost),
            Mode::Qv | Mode::NonQv => {
                let funds = funds.into_bigint();
                match self.profile {
                    Profile::September | Profile::Release if funds > FOREIGN_LIMIT => Err(NoWitness::Balance),
                    Profile::September | Profile::Release | Profile::Hardened => Ok(funds >= cost.into_bigint()),
                }
            }
        }
    }
}

impl Verdict {
    /// Whether the message counts.
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid { .. } => f.write_str("valid"),
            Self::Invalid(reason) => reason.fmt(f),
        }
    }
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StateIndex => "invalid state leaf index",
            Self::Signature => "invalid signature",
            Self::Nonce => "invalid nonce",
            Self::VoteOption => "invalid vote option index",
            Self::Credits => "insufficient voice credits",
            Self::CreditsLeftOver => "invalid voice credits",
        })
    }
}
