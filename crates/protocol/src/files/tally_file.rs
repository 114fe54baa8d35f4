use maci_crypto::Fr;
use serde::{Deserialize, Serialize};

use super::{FileError, indented, number};
use crate::ids::{ChainId, EthAddress, PollId};
use crate::poll::Mode;
use crate::tally::{Tally, TallyCommitments, TallySalts, TallyTotals};

const FILE: &str = "tally.json";

/// The result of a poll as upstream's tools publish it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TallyFile {
    /// The MACI contract.
    pub maci: EthAddress,
    /// The poll's number there.
    #[serde(with = "decimal_text")]
    pub poll_id: PollId,
    /// The network's name, as the provider calls it.
    pub network: String,
    /// The chain, where known.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_decimal_text")]
    pub chain_id: Option<ChainId>,
    /// How votes were paid for.
    pub mode: Mode,
    /// The tally contract.
    pub tally_address: EthAddress,
    /// What that contract holds.
    #[serde(with = "number::hex")]
    pub new_tally_commitment: Fr,
    /// Votes per option.
    pub results: VoteCounts,
    /// Credits spent.
    pub total_spent_voice_credits: SpentCredits,
    /// Credits spent per option; QV only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_vote_option_spent_voice_credits: Option<VoteCounts>,
}

/// One number per place for an option, with what opens their commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteCounts {
    /// All `5^depth` numbers.
    #[serde(with = "number::decimals")]
    pub tally: Vec<Fr>,
    /// The commitment's salt.
    #[serde(with = "number::hex")]
    pub salt: Fr,
    /// The commitment.
    #[serde(with = "number::hex")]
    pub commitment: Fr,
}

/// The credits spent on all options, with what opens their commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentCredits {
    /// The credits.
    #[serde(with = "number::decimal")]
    pub spent: Fr,
    /// The commitment's salt.
    #[serde(with = "number::hex")]
    pub salt: Fr,
    /// The commitment.
    #[serde(with = "number::hex")]
    pub commitment: Fr,
}

/// A tally file that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TallyMismatch {
    /// A list of another length than the poll has places.
    #[error("{list} has {found} entries, but a ballot has room for {expected} options")]
    Length {
        /// Which list.
        list: &'static str,
        /// Entries found.
        found: usize,
        /// Entries there should be.
        expected: usize,
    },
    /// QV tallies have credits per option, others do not.
    #[error("a tally of mode {mode} {} perVoteOptionSpentVoiceCredits", if *missing { "needs" } else { "has no" })]
    PerOption {
        /// The file's mode.
        mode: Mode,
        /// Whether they are missing, rather than there in vain.
        missing: bool,
    },
    /// A commitment does not open to the plain values and salt beside it.
    #[error("{commitment} is not the commitment to the values and salt in the file")]
    Commitment {
        /// Which one.
        commitment: &'static str,
    },
}

impl TallyFile {
    /// A finished tally, with the names it is published under.
    pub fn new(
        tally: &Tally,
        maci: EthAddress,
        poll_id: PollId,
        network: impl Into<String>,
        chain_id: Option<ChainId>,
        tally_address: EthAddress,
    ) -> Self {
        let Tally {
            totals,
            salts,
            commitments,
            mode,
            ..
        } = tally;
        let per_option = totals.per_option_spent.as_ref().zip(commitments.per_option_spent);
        Self {
            maci,
            poll_id,
            network: network.into(),
            chain_id,
            mode: *mode,
            tally_address,
            new_tally_commitment: commitments.tally,
            results: VoteCounts {
                tally: totals.results.clone(),
                salt: salts.results,
                commitment: commitments.results,
            },
            total_spent_voice_credits: SpentCredits {
                spent: totals.spent,
                salt: salts.spent,
                commitment: commitments.spent,
            },
            per_vote_option_spent_voice_credits: per_option.map(|(tally, commitment)| VoteCounts {
                tally: tally.clone(),
                salt: salts.per_option_spent,
                commitment,
            }),
        }
    }

    /// The file's text.
    ///
    /// # Errors
    /// None in practice; the writer's error is passed on.
    pub fn to_text(&self) -> Result<String, FileError> {
        indented(FILE, self)
    }

    /// Reads a file's text. Whether its numbers agree is for [`Self::check`].
    ///
    /// # Errors
    /// When it is not a tally file's JSON.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        serde_json::from_str(text).map_err(|e| FileError::new(FILE, e))
    }

    /// Recomputes every commitment from the plain values and salts, the first step of verifying a
    /// tally; the rest asks the chain whether it holds the commitment returned here.
    ///
    /// # Errors
    /// When a list has not the poll's length, or a commitment in the file is another.
    pub fn check(&self, vote_option_tree_depth: u8) -> Result<TallyCommitments, TallyMismatch> {
        let expected = 5usize.saturating_pow(u32::from(vote_option_tree_depth));
        let per_option = self.per_vote_option_spent_voice_credits.as_ref();
        let missing = per_option.is_none();
        if missing == (self.mode == Mode::Qv) {
            return Err(TallyMismatch::PerOption {
                mode: self.mode,
                missing,
            });
        }
        expect_length("results.tally", &self.results, expected)?;
        if let Some(counts) = per_option {
            expect_length("perVoteOptionSpentVoiceCredits.tally", counts, expected)?;
        }

        let commitments = self.totals().commitments(&self.salts());
        expect_equal("results.commitment", commitments.results, self.results.commitment)?;
        let spent = self.total_spent_voice_credits.commitment;
        expect_equal("totalSpentVoiceCredits.commitment", commitments.spent, spent)?;
        if let (Some(ours), Some(counts)) = (commitments.per_option_spent, per_option) {
            expect_equal("perVoteOptionSpentVoiceCredits.commitment", ours, counts.commitment)?;
        }
        expect_equal("newTallyCommitment", commitments.tally, self.new_tally_commitment)?;
        Ok(commitments)
    }

    /// The tally itself, to publish or prove single results from the file.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn tally(&self, vote_option_tree_depth: u8, vote_options: u64) -> Result<Tally, TallyMismatch> {
        let commitments = self.check(vote_option_tree_depth)?;
        Ok(Tally {
            mode: self.mode,
            vote_options,
            totals: self.totals(),
            salts: self.salts(),
            commitments,
        })
    }

    fn totals(&self) -> TallyTotals {
        let per_option = self.per_vote_option_spent_voice_credits.as_ref();
        TallyTotals {
            results: self.results.tally.clone(),
            spent: self.total_spent_voice_credits.spent,
            per_option_spent: per_option.map(|counts| counts.tally.clone()),
        }
    }

    fn salts(&self) -> TallySalts {
        let per_option = self.per_vote_option_spent_voice_credits.as_ref();
        TallySalts {
            results: self.results.salt,
            spent: self.total_spent_voice_credits.salt,
            per_option_spent: per_option.map(|counts| counts.salt).unwrap_or_default(),
        }
    }
}

fn expect_length(list: &'static str, counts: &VoteCounts, expected: usize) -> Result<(), TallyMismatch> {
    let found = counts.tally.len();
    if found == expected {
        Ok(())
    } else {
        Err(TallyMismatch::Length { list, found, expected })
    }
}

fn expect_equal(commitment: &'static str, ours: Fr, theirs: Fr) -> Result<(), TallyMismatch> {
    if ours == theirs {
        Ok(())
    } else {
        Err(TallyMismatch::Commitment { commitment })
    }
}

/// A number written as text.
mod decimal_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::ids::PollId;

    pub(super) fn serialize<S: Serializer>(id: &PollId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PollId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A number written as text, or nothing.
mod optional_decimal_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::ids::ChainId;

    pub(super) fn serialize<S: Serializer>(id: &Option<ChainId>, serializer: S) -> Result<S::Ok, S::Error> {
        id.map(|id| id.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ChainId>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
    }
}
