use maci_protocol::ids::{ChainId, PollRef};
use maci_store::{ScheduleRow, ScheduleState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{EntryState, RoundDocument, ScheduleId, ScheduleView};
use crate::deploy::PollConfig;
use crate::jobs::JobId;
use crate::senders::SenderChoice;
use crate::service::ServiceError;

/// What an entry does, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Entry {
    Finalise {
        poll: PollRef,
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    DeployPoll {
        chain: ChainId,
        config: Box<PollConfig>,
        #[serde(default)]
        key: Option<String>,
        #[serde(default)]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    /// A step of a round; the whole timeline is in each, so that each can be read alone.
    Round {
        round: Uuid,
        step: RoundStep,
        chain: ChainId,
        timeline: Box<RoundDocument>,
    },
}

/// The steps of a round, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RoundStep {
    Deploy,
    Open,
    Close,
    Finalise,
    Publish,
}

impl RoundStep {
    pub(crate) const ALL: [Self; 5] = [Self::Deploy, Self::Open, Self::Close, Self::Finalise, Self::Publish];

    const fn kind(self) -> &'static str {
        match self {
            Self::Deploy => "round-deploy",
            Self::Open => "round-open",
            Self::Close => "round-close",
            Self::Finalise => "round-finalise",
            Self::Publish => "round-publish",
        }
    }
}

impl Entry {
    pub(crate) const FINALISE: &'static str = "finalise";

    /// The word in the store.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Finalise { .. } => Self::FINALISE,
            Self::DeployPoll { .. } => "deploy-poll",
            Self::Round { step, .. } => step.kind(),
        }
    }

    /// What only one waiting entry of its kind may have: a poll is finalised once, a round has each step once.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Finalise { poll, .. } => Some(Self::name_of(*poll)),
            Self::DeployPoll { title, .. } => title.clone(),
            Self::Round { round, .. } => Some(round.to_string()),
        }
    }

    /// The name of the entry that finalises a poll.
    pub(crate) fn name_of(poll: PollRef) -> String {
        format!("{}-{}-poll-{}", poll.chain, poll.maci.to_lower_hex(), poll.poll)
    }

    pub(crate) fn poll(&self) -> Option<PollRef> {
        match self {
            Self::Finalise { poll, .. } => Some(*poll),
            Self::DeployPoll { .. } | Self::Round { .. } => None,
        }
    }

    /// The entry of a row.
    ///
    /// # Errors
    /// When it was written by something else.
    pub(crate) fn read(row: &ScheduleRow) -> Result<Self, ServiceError> {
        let what = format!("schedule {}", row.id);
        serde_json::from_value(row.document.clone()).map_err(ServiceError::damaged(what))
    }

    /// # Errors
    /// Never: there is a JSON value for every entry.
    pub(crate) fn write(&self) -> Result<Value, ServiceError> {
        serde_json::to_value(self).map_err(ServiceError::damaged("a schedule"))
    }
}

/// What is told of a row.
pub(crate) fn view(row: ScheduleRow) -> ScheduleView {
    let (title, round) = match Entry::read(&row) {
        Ok(Entry::Round { round, timeline, .. }) => (Some(timeline.name), Some(round)),
        Ok(Entry::DeployPoll { title, .. }) => (title, None),
        Ok(Entry::Finalise { .. }) | Err(_) => (row.name, None),
    };
    ScheduleView {
        id: ScheduleId(row.id),
        kind: row.kind,
        name: title,
        round,
        poll: row.poll,
        runs_at: row.runs_at,
        state: match row.state {
            ScheduleState::Waiting => EntryState::Waiting,
            ScheduleState::Running => EntryState::Running,
            ScheduleState::Done => EntryState::Done,
            ScheduleState::Missed => EntryState::Missed,
            ScheduleState::Failed => EntryState::Failed,
            ScheduleState::Cancelled => EntryState::Cancelled,
        },
        changed_at: row.changed_at,
        reason: row.last_error,
        job: row.job.map(JobId),
        by: row.created_by,
    }
}
