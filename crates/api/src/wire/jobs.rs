//! Jobs, as they are told.

use maci_coordinator_core::service::JobView;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    failures::FailureAnswer,
    polls::PollRefAnswer,
    scalars::{IdText, JobKindName, JobStateName, Moment},
};

/// A piece of work: waiting, in hand, or over.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobAnswer {
    /// Its id; ids grow with time.
    #[schema(value_type = IdText)]
    pub id: String,
    /// What is done.
    #[schema(value_type = JobKindName)]
    pub kind: String,
    /// The poll it is about.
    pub poll: Option<PollRefAnswer>,
    /// Where it stands.
    #[schema(value_type = JobStateName)]
    pub state: String,
    /// How often it was begun.
    pub attempts: u32,
    /// Who asked for it.
    pub by: String,
    /// When it was asked for.
    #[schema(value_type = Moment)]
    pub created_at: i64,
    /// When it was begun last.
    #[schema(value_type = Option<Moment>)]
    pub started_at: Option<i64>,
    /// When it ended.
    #[schema(value_type = Option<Moment>)]
    pub ended_at: Option<i64>,
    /// When the next attempt is.
    #[schema(value_type = Option<Moment>)]
    pub next_attempt: Option<i64>,
    /// The last thing it told.
    pub progress: Option<Value>,
    /// What came of it; told at the job's own address and not in lists, for proofs are long.
    pub result: Option<Value>,
    /// Why it failed, or why its last attempt did.
    pub failure: Option<FailureAnswer>,
}

/// Jobs, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobsAnswer {
    /// The jobs.
    pub jobs: Vec<JobAnswer>,
    /// What to send as `before` for the next page; absent on the last.
    #[schema(value_type = Option<IdText>)]
    pub next: Option<String>,
}

impl From<JobView> for JobAnswer {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id.to_string(),
            kind: job.kind.to_string(),
            poll: job.poll.map(Into::into),
            state: job.state.to_string(),
            attempts: job.attempts,
            by: job.by,
            created_at: job.created_at.0,
            started_at: job.started_at.map(|moment| moment.0),
            ended_at: job.ended_at.map(|moment| moment.0),
            next_attempt: job.next_attempt.map(|moment| moment.0),
            progress: job.progress,
            result: job.result,
            failure: job.failure.map(Into::into),
        }
    }
}

impl JobAnswer {
    /// The same as lists tell it.
    #[must_use]
    pub fn without_result(self) -> Self {
        Self { result: None, ..self }
    }
}
