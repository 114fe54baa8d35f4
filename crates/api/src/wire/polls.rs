//! Polls, as they are told.

use maci_coordinator_core::{
    finalise::Stage,
    networks::network_name,
    service::{BatchCounts, PollSummary, PollView, WatchView},
};
use maci_protocol::PollRef;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    failures::FailureAnswer,
    scalars::{AddressText, Decimal, IdText, ModeNumber, Moment},
    warnings::WarningAnswer,
};

/// Which poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollRefAnswer {
    /// The chain's name.
    pub chain: String,
    /// The chain's number.
    pub chain_id: u64,
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci_address: String,
    /// The poll's number there, as text.
    #[schema(value_type = Decimal)]
    pub poll_id: String,
}

/// A poll, as far as it is known without asking the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollSummaryAnswer {
    /// Which.
    #[serde(flatten)]
    pub poll: PollRefAnswer,
    /// How votes are paid for.
    #[schema(value_type = ModeNumber)]
    pub mode: u8,
    /// Why it is followed.
    pub watched: WatchAnswer,
    /// Where it stood at the last look.
    pub stage: Option<StageAnswer>,
    /// The last second of voting, in seconds since 1970.
    pub end_date: Option<u64>,
    /// How many warnings there are.
    pub warnings: usize,
    /// What keeps it from its result.
    pub trouble: Option<FailureAnswer>,
}

/// Since when and why a poll is followed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WatchAnswer {
    /// Since when.
    #[schema(value_type = Moment)]
    pub since: i64,
    /// `api`, `deployed`, `settings` or `timeline`.
    pub source: String,
    /// Whether it is finalised only when somebody asks.
    pub paused: bool,
    /// The block its history begins at.
    pub deployment_block_number: Option<u64>,
    /// Who sends for it; the chain's default if nobody was named.
    #[schema(value_type = Option<super::scalars::SenderText>)]
    pub sender: Option<String>,
}

/// The one thing that is next for a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum StageAnswer {
    /// Votes may still come.
    Voting {
        /// From when on it can be merged, in seconds since 1970.
        until: u64,
    },
    /// Its state has to be merged.
    Merging,
    /// Message batches have to be proved.
    Processing {
        /// Proofs the contract has.
        done: u32,
        /// Proofs it takes.
        total: u32,
    },
    /// Ballot batches have to be proved.
    Tallying {
        /// Proofs the contract has.
        done: u32,
        /// Proofs it takes.
        total: u32,
    },
    /// Results have to be added.
    Publishing {
        /// Options without a result on chain.
        missing: Vec<u32>,
    },
    /// Everything is on chain.
    Final,
}

/// Everything known about a poll.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollAnswer {
    /// Which.
    #[serde(flatten)]
    pub poll: PollRefAnswer,
    /// How votes are paid for.
    #[schema(value_type = ModeNumber)]
    pub mode: u8,
    /// Generation of the contracts: `A` is 2025's, `B` release 3.0.0.
    pub generation: String,
    /// Its dates.
    pub timeline: TimelineAnswer,
    /// Its contracts.
    pub contracts: PollContractsAnswer,
    /// The key messages are encrypted for, as `macipk.…`.
    pub coordinator_public_key: String,
    /// That key's name here, if this service has it.
    pub key: Option<String>,
    /// How large its trees are.
    pub tree_depths: DepthsAnswer,
    /// Messages in a batch.
    pub message_batch_size: u8,
    /// Options to vote on.
    pub vote_options: u64,
    /// How many took part.
    pub counts: CountsAnswer,
    /// What is next.
    pub stage: StageAnswer,
    /// Message batches.
    pub process: BatchesAnswer,
    /// Ballot batches.
    pub tally: BatchesAnswer,
    /// Results on chain.
    pub results: u64,
    /// Whether its tally can be read.
    pub has_tally: bool,
    /// Whether the tally was checked against the chain, and holds.
    pub verified: Option<bool>,
    /// What to know before it ends.
    pub warnings: Vec<WarningAnswer>,
    /// Why it is followed, if it is.
    pub watched: Option<WatchAnswer>,
    /// The job at work on it.
    #[schema(value_type = Option<IdText>)]
    pub job: Option<String>,
    /// What keeps it from its result.
    pub trouble: Option<FailureAnswer>,
    /// The block all this was read at.
    pub block: u64,
}

/// A poll's dates, in seconds since 1970 by the chain's clock.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineAnswer {
    /// The first second of voting.
    pub start_date: u64,
    /// The last second of voting.
    pub end_date: u64,
    /// From when on it can be merged.
    pub finalisable_from: u64,
    /// The chain's clock.
    pub now: u64,
    /// Whether votes are taken.
    pub is_open: bool,
}

/// A poll's contracts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollContractsAnswer {
    /// Takes joins and messages.
    #[schema(value_type = AddressText)]
    pub poll: String,
    /// Takes proofs of message batches.
    #[schema(value_type = AddressText)]
    pub message_processor: String,
    /// Takes proofs of ballot batches, and results.
    #[schema(value_type = AddressText)]
    pub tally: String,
    /// The contract that made the poll.
    #[schema(value_type = AddressText)]
    pub maci: String,
    /// Checks proofs.
    #[schema(value_type = AddressText)]
    pub verifier: String,
    /// Holds verifying keys.
    #[schema(value_type = AddressText)]
    pub verifying_keys_registry: String,
    /// Says who may join.
    #[schema(value_type = AddressText)]
    pub policy: String,
    /// Says how many credits a voter gets.
    #[schema(value_type = AddressText)]
    pub initial_voice_credit_proxy: String,
}

/// How large a poll's trees are, in levels.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepthsAnswer {
    /// The part one tally proof takes.
    pub tally_processing_state_tree_depth: u8,
    /// Options.
    pub vote_option_tree_depth: u8,
    /// Voters.
    pub state_tree_depth: u8,
}

/// How many took part.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CountsAnswer {
    /// Voters who joined.
    pub voters: u64,
    /// Voters there is room for.
    pub capacity: u64,
    /// Messages published.
    pub messages: u64,
}

/// How far a run of proofs has come.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct BatchesAnswer {
    /// Batches there are.
    pub total: u64,
    /// Batches proved here.
    pub proved: u64,
    /// Proofs the contract has accepted.
    pub landed: u64,
}

impl From<PollRef> for PollRefAnswer {
    fn from(poll: PollRef) -> Self {
        Self {
            chain: network_name(poll.chain),
            chain_id: poll.chain.0,
            maci_address: poll.maci.to_string(),
            poll_id: poll.poll.to_string(),
        }
    }
}

impl From<PollSummary> for PollSummaryAnswer {
    fn from(summary: PollSummary) -> Self {
        Self {
            poll: summary.poll.into(),
            mode: summary.mode.into(),
            watched: summary.watched.into(),
            stage: summary.stage.map(Into::into),
            end_date: summary.ends_at,
            warnings: summary.warnings,
            trouble: summary.trouble.map(Into::into),
        }
    }
}

impl From<WatchView> for WatchAnswer {
    fn from(view: WatchView) -> Self {
        Self {
            since: view.since.0,
            source: view.source.word().to_owned(),
            paused: view.paused,
            deployment_block_number: view.deployment_block.map(|block| block.0),
            sender: view.sender,
        }
    }
}

impl From<Stage> for StageAnswer {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Voting { until } => Self::Voting { until },
            Stage::Merging => Self::Merging,
            Stage::Processing(batches) => Self::Processing {
                done: batches.done,
                total: batches.total,
            },
            Stage::Tallying(batches) => Self::Tallying {
                done: batches.done,
                total: batches.total,
            },
            Stage::Publishing { missing } => Self::Publishing { missing },
            Stage::Final => Self::Final,
        }
    }
}

impl From<BatchCounts> for BatchesAnswer {
    fn from(counts: BatchCounts) -> Self {
        Self {
            total: counts.total,
            proved: counts.proved,
            landed: counts.landed,
        }
    }
}

impl From<PollView> for PollAnswer {
    fn from(view: PollView) -> Self {
        let timeline = TimelineAnswer::of(&view);
        let contracts = PollContractsAnswer::of(&view);
        Self {
            poll: view.poll.into(),
            mode: view.mode.into(),
            generation: format!("{:?}", view.generation),
            timeline,
            contracts,
            coordinator_public_key: view.coordinator_public_key.serialize(),
            key: view.key,
            tree_depths: DepthsAnswer {
                tally_processing_state_tree_depth: view.depths.tally_processing_state_tree(),
                vote_option_tree_depth: view.depths.vote_option_tree(),
                state_tree_depth: view.depths.state_tree(),
            },
            message_batch_size: view.message_batch_size,
            vote_options: view.vote_options,
            counts: CountsAnswer {
                voters: view.counts.voters,
                capacity: view.counts.capacity,
                messages: view.counts.messages,
            },
            stage: view.stage.into(),
            process: view.process.into(),
            tally: view.tally.into(),
            results: view.results,
            has_tally: view.has_tally,
            verified: view.verification.as_ref().map(|report| report.verified()),
            warnings: view.warnings.into_iter().map(Into::into).collect(),
            watched: view.watched.map(Into::into),
            job: view.job.map(|job| job.to_string()),
            trouble: view.trouble.map(Into::into),
            block: view.block.0,
        }
    }
}

impl TimelineAnswer {
    /// A poll's dates.
    #[must_use]
    pub fn of(view: &PollView) -> Self {
        let timeline = view.timeline;
        Self {
            start_date: timeline.period.start,
            end_date: timeline.period.end,
            finalisable_from: timeline.finalisable_from,
            now: timeline.now,
            is_open: timeline.is_open(),
        }
    }
}

impl PollContractsAnswer {
    /// A poll's contracts.
    #[must_use]
    pub fn of(view: &PollView) -> Self {
        Self {
            poll: view.addresses.poll.to_string(),
            message_processor: view.addresses.message_processor.to_string(),
            tally: view.addresses.tally.to_string(),
            maci: view.external.maci.to_string(),
            verifier: view.external.verifier.to_string(),
            verifying_keys_registry: view.external.verifying_keys_registry.to_string(),
            policy: view.external.policy.to_string(),
            initial_voice_credit_proxy: view.external.initial_voice_credit_proxy.to_string(),
        }
    }
}
