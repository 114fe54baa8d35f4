use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::super::Page;
use super::super::column::poll_key;
use super::row::{Columns, job_columns};
use super::{JobRow, JobState, Jobs};
use crate::error::StoreError;

/// Which jobs; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only those that stand like this.
    pub state: Option<JobState>,
    /// Only those that have not ended.
    pub unfinished: bool,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only those about this poll.
    pub poll: Option<PollRef>,
    /// Only those of this owner.
    pub by: Option<String>,
}

impl Jobs {
    /// A job.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<JobRow>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(job_columns!("SELECT", "FROM jobs WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("reading a job"))?;
        row.map(JobRow::try_from).transpose()
    }

    /// Jobs, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, filter: &JobFilter, page: Page<Uuid>) -> Result<Vec<JobRow>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(job_columns!(
            "SELECT",
            "FROM jobs WHERE ($1 IS NULL OR state = $1) AND ($2 = 0 OR state IN ('pending', 'running')) \
             AND ($3 IS NULL OR kind = $3) AND ($4 IS NULL OR poll = $4) AND ($5 IS NULL OR begun_by = $5) \
             AND ($6 IS NULL OR id < $6) ORDER BY id DESC LIMIT $7"
        ))
        .bind(filter.state.map(JobState::word))
        .bind(i64::from(filter.unfinished))
        .bind(filter.kind.as_deref())
        .bind(filter.poll.as_ref().map(poll_key))
        .bind(filter.by.as_deref())
        .bind(page.after.map(|id| id.to_string()))
        .bind(page.rows())
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing jobs"))?;
        rows.into_iter().map(JobRow::try_from).collect()
    }

    /// Forgets jobs that ended before a moment, and answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM jobs WHERE ended_at < $1")
            .bind(before.0)
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("pruning jobs"))?;
        Ok(done.rows_affected())
    }
}
