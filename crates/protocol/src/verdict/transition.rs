use std::fmt;

use ark_ff::{BigInt, PrimeField};
use maci_crypto::Fr;

use super::NoWitness;
use crate::circuit::Profile;
use crate::poll::Mode;
use crate::vote::{Command, StateLeaf};

/// `2^252 − 2`: the most that the circuits compare with a cost.
const LARGEST_FUNDS: BigInt<4> = BigInt([u64::MAX - 1, u64::MAX, u64::MAX, (1 << 60) - 1]);

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

/// What was found out about a message's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Its encryption key may carry messages.
    pub encryption_key_counts: bool,
    /// It is signed by the key in the addressed leaf.
    pub signature_counts: bool,
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
    /// Hardened: its encryption key is off the curve or of order 4 or 8.
    EncryptionKey,
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

    /// Judges a command whose keys have been checked.
    ///
    /// # Errors
    /// Under a foreign profile, balances beyond what its circuit can compare.
    pub fn judge(&self, command: &Command, at: &Addressed, checks: Checks) -> Result<Verdict, NoWitness> {
        let weight = Fr::from(command.new_vote_weight);
        let funds = at.leaf.voice_credit_balance + self.price(at.votes);
        let cost = self.price(weight);
        let enough = self.affords(funds, cost)?;
        // Nobody has the key of leaf 0; upstream calls that a bad index rather than a bad signature.
        let names_nobody = command.state_index.0 == 0 && !checks.signature_counts;
        let reason = if !checks.encryption_key_counts {
            InvalidReason::EncryptionKey
        } else if command.state_index.0 >= self.state_leaves || names_nobody {
            InvalidReason::StateIndex
        } else if !checks.signature_counts {
            InvalidReason::Signature
        } else if Fr::from(command.nonce) != at.nonce + Fr::from(1u64) {
            InvalidReason::Nonce
        } else if command.vote_option_index >= self.vote_options {
            InvalidReason::VoteOption
        } else if enough {
            return Ok(Verdict::Valid { balance: funds - cost });
        } else {
            match self.mode {
                Mode::Full if funds.into_bigint() > cost.into_bigint() => InvalidReason::CreditsLeftOver,
                Mode::Qv | Mode::NonQv | Mode::Full => InvalidReason::Credits,
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

    /// Whether funds cover a cost. Foreign circuits have no witness for funds beyond their bound;
    /// the hardened ones let them buy nothing.
    fn affords(&self, funds: Fr, cost: Fr) -> Result<bool, NoWitness> {
        let comparable = funds.into_bigint() <= LARGEST_FUNDS;
        match (self.mode, self.profile) {
            (Mode::Full, _) => Ok(funds == cost),
            (Mode::Qv | Mode::NonQv, Profile::September | Profile::Release) if !comparable => Err(NoWitness::Balance),
            (Mode::Qv | Mode::NonQv, Profile::September | Profile::Release | Profile::Hardened) => {
                Ok(comparable && funds.into_bigint() >= cost.into_bigint())
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
            Self::EncryptionKey => "invalid encryption key",
            Self::StateIndex => "invalid state leaf index",
            Self::Signature => "invalid signature",
            Self::Nonce => "invalid nonce",
            Self::VoteOption => "invalid vote option index",
            Self::Credits => "insufficient voice credits",
            Self::CreditsLeftOver => "invalid voice credits",
        })
    }
}
