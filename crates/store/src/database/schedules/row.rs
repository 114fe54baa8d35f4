use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::column::{document, id_if_any, parsed, poll_if_any, stored_words};
use crate::error::StoreError;

stored_words! {
    /// How an entry stands.
    ScheduleState {
        /// Its time has not come, or nobody has looked since.
        Waiting = "waiting",
        /// A job does what it asks for.
        Running = "running",
        /// It was done.
        Done = "done",
        /// Its time passed and it can no longer be done.
        Missed = "missed",
        /// It was tried and could not be done.
        Failed = "failed",
        /// Somebody called it off.
        Cancelled = "cancelled",
    }
}

/// An entry of the schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleRow {
    /// Its name for the machine; later entries have greater ones.
    pub id: Uuid,
    /// What kind of thing is to be done.
    pub kind: String,
    /// Its name for people and programs; of one kind and name at most one entry waits or runs.
    pub name: Option<String>,
    /// The poll it is about, if there is one yet.
    pub poll: Option<PollRef>,
    /// When.
    pub runs_at: Timestamp,
    /// What exactly, and how far it has come.
    pub document: Value,
    /// How it stands.
    pub state: ScheduleState,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// The job that does it.
    pub job: Option<Uuid>,
    /// Who asked for it.
    pub created_by: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// All columns of an entry, and what is to be said about them.
macro_rules! schedule_columns {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, kind, name, poll, runs_at, document, state, last_error, job, created_by, created_at, changed_at ",
            $after
        )
    };
}

pub(super) use schedule_columns;

#[derive(sqlx::FromRow)]
pub(super) struct Columns {
    id: String,
    kind: String,
    name: Option<String>,
    poll: Option<String>,
    runs_at: i64,
    document: String,
    state: String,
    last_error: Option<String>,
    job: Option<String>,
    created_by: String,
    created_at: i64,
    changed_at: i64,
}

impl TryFrom<Columns> for ScheduleRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("a schedule's id", &row.id)?,
            poll: poll_if_any(row.poll.as_deref())?,
            runs_at: Timestamp(row.runs_at),
            document: document("a schedule's document", &row.document)?,
            state: ScheduleState::from_word(&row.state)?,
            job: id_if_any("a schedule's job", row.job.as_deref())?,
            created_at: Timestamp(row.created_at),
            changed_at: Timestamp(row.changed_at),
            kind: row.kind,
            name: row.name,
            last_error: row.last_error,
            created_by: row.created_by,
        })
    }
}
