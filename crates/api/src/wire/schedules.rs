//! Entries of the schedule, as they are told.

use maci_coordinator_core::schedule::ScheduleView;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    polls::PollRefAnswer,
    scalars::{EntryStateName, IdText, Moment},
};

/// Something that happens at a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleAnswer {
    /// Its id.
    #[schema(value_type = IdText)]
    pub id: String,
    /// `finalise`, `deploy-poll`, or a round's `round-deploy`, `round-open`, `round-close`, `round-finalise`,
    /// `round-publish`.
    pub kind: String,
    /// What people call it.
    pub name: Option<String>,
    /// The round it is a step of.
    #[schema(value_type = Option<IdText>)]
    pub round: Option<String>,
    /// The poll it is about, once there is one.
    pub poll: Option<PollRefAnswer>,
    /// When it runs.
    #[schema(value_type = Moment)]
    pub runs_at: i64,
    /// Where it stands.
    #[schema(value_type = EntryStateName)]
    pub state: String,
    /// When that changed last: when it ran, if it is over.
    #[schema(value_type = Moment)]
    pub changed_at: i64,
    /// Why it was not done.
    pub reason: Option<String>,
    /// The job that does it.
    #[schema(value_type = Option<IdText>)]
    pub job: Option<String>,
    /// Who asked for it.
    pub by: String,
}

/// The schedule, what is next first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchedulesAnswer {
    /// Its entries.
    pub schedules: Vec<ScheduleAnswer>,
}

impl From<ScheduleView> for ScheduleAnswer {
    fn from(view: ScheduleView) -> Self {
        Self {
            id: view.id.to_string(),
            kind: view.kind,
            name: view.name,
            round: view.round.map(|round| round.to_string()),
            poll: view.poll.map(Into::into),
            runs_at: view.runs_at.0,
            state: view.state.name().to_owned(),
            changed_at: view.changed_at.0,
            reason: view.reason,
            job: view.job.map(|job| job.to_string()),
            by: view.by,
        }
    }
}
