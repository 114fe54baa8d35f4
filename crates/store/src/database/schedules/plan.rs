use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::column::{poll_key, word};
use super::row::{Columns, schedule_columns};
use super::{ScheduleRow, ScheduleState, Schedules, TURN};
use crate::error::StoreError;

/// An entry to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSchedule {
    /// What kind of thing is to be done.
    pub kind: String,
    /// Its name, if of this kind and name there may be only one at a time.
    pub name: Option<String>,
    /// The poll it is about, if there is one yet.
    pub poll: Option<PollRef>,
    /// When.
    pub runs_at: Timestamp,
    /// What exactly.
    pub document: Value,
    /// Who asks for it.
    pub created_by: String,
}

/// What became of a wish for an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    /// It waits for its time now.
    New(ScheduleRow),
    /// One of this kind and name waits or runs already; nothing was changed.
    Taken(ScheduleRow),
}

/// What is new about an entry. What is not given stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScheduleChange {
    /// How it stands now.
    pub state: Option<ScheduleState>,
    /// When it is to be done.
    pub runs_at: Option<Timestamp>,
    /// What exactly, and how far it has come.
    pub document: Option<Value>,
    /// The poll it is about.
    pub poll: Option<PollRef>,
    /// What went wrong.
    pub last_error: Option<String>,
    /// The job that does it.
    pub job: Option<Uuid>,
}

impl Schedules {
    /// Makes an entry, unless one of this kind and name waits or runs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create(&self, new: &NewSchedule, now: Timestamp) -> Result<Created, StoreError> {
        let doing = "scheduling";
        let mut work = self.db.writing(TURN, doing).await?;
        let name = new
            .name
            .as_deref()
            .map(|name| word("a schedule's name", name))
            .transpose()?;
        let live: Option<Columns> = sqlx::query_as(schedule_columns!(
            "SELECT",
            "FROM schedules WHERE kind = $1 AND name = $2 AND state IN ('waiting', 'running')"
        ))
        .bind(word("a schedule's kind", &new.kind)?)
        .bind(name)
        .fetch_optional(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        if let Some(live) = live {
            return Ok(Created::Taken(live.try_into()?));
        }
        let row: Columns = sqlx::query_as(schedule_columns!(
            "INSERT INTO schedules \
             (id, kind, name, poll, runs_at, document, state, created_by, created_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $8) RETURNING",
            ""
        ))
        .bind(self.db.new_id(now).to_string())
        .bind(&new.kind)
        .bind(name)
        .bind(new.poll.as_ref().map(poll_key))
        .bind(new.runs_at.0)
        .bind(new.document.to_string())
        .bind(word("a schedule's owner", &new.created_by)?)
        .bind(now.0)
        .fetch_one(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        Ok(Created::New(row.try_into()?))
    }

    /// Changes an entry, if it still stands as `from` says; false if it does not. Of several that want to move an entry
    /// on, one does.
    ///
    /// # Errors
    /// When the database fails; [`StoreError::NameTaken`] when an entry that had ended would take the name of one that
    /// waits or runs.
    pub async fn update(
        &self,
        id: Uuid,
        from: ScheduleState,
        change: &ScheduleChange,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE schedules SET state = COALESCE($3, state), runs_at = COALESCE($4, runs_at), \
             document = COALESCE($5, document), poll = COALESCE($6, poll), last_error = COALESCE($7, last_error), \
             job = COALESCE($8, job), changed_at = $9 WHERE id = $1 AND state = $2",
        )
        .bind(id.to_string())
        .bind(from.word())
        .bind(change.state.map(ScheduleState::word))
        .bind(change.runs_at.map(|time| time.0))
        .bind(change.document.as_ref().map(Value::to_string))
        .bind(change.poll.as_ref().map(poll_key))
        .bind(change.last_error.as_ref().map(|text| text.replace('\0', "")))
        .bind(change.job.map(|job| job.to_string()))
        .bind(now.0)
        .execute(self.db.pool())
        .await;
        match done {
            Ok(done) => Ok(done.rows_affected() > 0),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(StoreError::NameTaken { id }),
            Err(error) => Err(StoreError::database("changing the schedule")(error)),
        }
    }
}
