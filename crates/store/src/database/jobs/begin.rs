use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::column::{poll_key, word};
use super::row::{Columns, job_columns};
use super::{JobRow, Jobs, TURN};
use crate::error::StoreError;

/// A job to be begun.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What kind of work.
    pub kind: String,
    /// What makes two jobs the same while neither has ended.
    pub key: String,
    /// The poll it is about, if it is about one.
    pub poll: Option<PollRef>,
    /// What is asked for.
    pub request: Value,
    /// When it may be claimed.
    pub not_before: Timestamp,
    /// Who asks for it.
    pub by: String,
}

/// What became of a wish for a job.
#[derive(Debug, Clone, PartialEq)]
pub enum BegunJob {
    /// It waits for a runner now.
    New(JobRow),
    /// The same one is waiting or running already.
    Joined(JobRow),
}

impl BegunJob {
    /// The job, new or not.
    pub fn row(&self) -> &JobRow {
        match self {
            Self::New(row) | Self::Joined(row) => row,
        }
    }
}

/// What became of a wish to call a job off.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancelled {
    /// It is called off; if it was running, its runner's answer will not count.
    Now(JobRow),
    /// It had ended before.
    TooLate(JobRow),
    /// There is no such job.
    Unknown,
}

impl Jobs {
    /// Begins a job, or joins the unfinished one with the same key. However many wish for it at once, on however many
    /// machines, one job comes of it.
    ///
    /// # Errors
    /// When the database fails; then nothing was begun.
    pub async fn begin(&self, new: &NewJob, now: Timestamp) -> Result<BegunJob, StoreError> {
        let doing = "beginning a job";
        let mut work = self.db.writing(TURN, doing).await?;
        let live: Option<Columns> = sqlx::query_as(job_columns!(
            "SELECT",
            "FROM jobs WHERE job_key = $1 AND state IN ('pending', 'running')"
        ))
        .bind(word("a job's key", &new.key)?)
        .fetch_optional(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        if let Some(live) = live {
            return Ok(BegunJob::Joined(live.try_into()?));
        }
        let row: Columns = sqlx::query_as(job_columns!(
            "INSERT INTO jobs (id, kind, job_key, poll, request, state, attempts, not_before, created_at, begun_by) \
             VALUES ($1, $2, $3, $4, $5, 'pending', 0, $6, $7, $8) RETURNING",
            ""
        ))
        .bind(self.db.new_id(now).to_string())
        .bind(word("a job's kind", &new.kind)?)
        .bind(&new.key)
        .bind(new.poll.as_ref().map(poll_key))
        .bind(new.request.to_string())
        .bind(new.not_before.0)
        .bind(now.0)
        .bind(word("a job's owner", &new.by)?)
        .fetch_one(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        Ok(BegunJob::New(row.try_into()?))
    }

    /// Calls a job off. What a runner is at goes on until the runner looks, but its answer is not taken any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel(&self, id: Uuid, now: Timestamp) -> Result<Cancelled, StoreError> {
        let doing = "cancelling a job";
        let mut work = self.db.writing(TURN, doing).await?;
        let row: Option<Columns> = sqlx::query_as(job_columns!(
            "UPDATE jobs SET state = 'cancelled', ended_at = $2 \
             WHERE id = $1 AND state IN ('pending', 'running') RETURNING",
            ""
        ))
        .bind(id.to_string())
        .bind(now.0)
        .fetch_optional(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        match row {
            Some(row) => Ok(Cancelled::Now(row.try_into()?)),
            None => Ok(self.get(id).await?.map_or(Cancelled::Unknown, Cancelled::TooLate)),
        }
    }
}
