use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::column::{document, document_if_any, parsed, poll_if_any, stored_words};
use crate::error::StoreError;

stored_words! {
    /// How a job stands.
    JobState {
        /// It waits for its time and for a runner.
        Pending = "pending",
        /// A runner has it.
        Running = "running",
        /// It ended with a result.
        Done = "done",
        /// It ended with an error, and is not tried again.
        Failed = "failed",
        /// Somebody called it off.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether it will change no more.
    pub fn has_ended(self) -> bool {
        match self {
            Self::Pending | Self::Running => false,
            Self::Done | Self::Failed | Self::Cancelled => true,
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// Its name; later jobs have greater ones.
    pub id: Uuid,
    /// What kind of work.
    pub kind: String,
    /// What makes two jobs the same while neither has ended.
    pub key: String,
    /// The poll it is about, if it is about one.
    pub poll: Option<PollRef>,
    /// What was asked for.
    pub request: Value,
    /// How it stands.
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: u32,
    /// When it may be claimed.
    pub not_before: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was claimed last.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What came of it.
    pub result: Option<Value>,
    /// What went wrong last, also while it waits for another attempt.
    pub error: Option<Value>,
    /// Who asked for it.
    pub by: String,
}

/// All columns of a job, and what is to be said about them.
macro_rules! job_columns {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, kind, job_key, poll, request, state, attempts, not_before, created_at, started_at, ended_at, \
             result, error, begun_by ",
            $after
        )
    };
}

pub(super) use job_columns;

#[derive(sqlx::FromRow)]
pub(super) struct Columns {
    id: String,
    kind: String,
    job_key: String,
    poll: Option<String>,
    request: String,
    state: String,
    attempts: i64,
    not_before: i64,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    result: Option<String>,
    error: Option<String>,
    begun_by: String,
}

impl TryFrom<Columns> for JobRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("a job's id", &row.id)?,
            poll: poll_if_any(row.poll.as_deref())?,
            request: document("a job's request", &row.request)?,
            state: JobState::from_word(&row.state)?,
            attempts: u32::try_from(row.attempts).map_err(|_| StoreError::DamagedRow {
                what: format!("job {} has {} attempts", row.id, row.attempts),
            })?,
            not_before: Timestamp(row.not_before),
            created_at: Timestamp(row.created_at),
            started_at: row.started_at.map(Timestamp),
            ended_at: row.ended_at.map(Timestamp),
            result: document_if_any("a job's result", row.result.as_deref())?,
            error: document_if_any("a job's error", row.error.as_deref())?,
            kind: row.kind,
            key: row.job_key,
            by: row.begun_by,
        })
    }
}
