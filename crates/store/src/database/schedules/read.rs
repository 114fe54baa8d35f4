use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::super::column::poll_key;
use super::super::{Page, rows};
use super::row::{Columns, schedule_columns};
use super::{ScheduleRow, ScheduleState, Schedules};
use crate::error::StoreError;

/// Which entries; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScheduleFilter {
    /// Only those that stand like this.
    pub state: Option<ScheduleState>,
    /// Only those that wait or run.
    pub unfinished: bool,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only those with this name.
    pub name: Option<String>,
    /// Only those about this poll.
    pub poll: Option<PollRef>,
}

impl Schedules {
    /// An entry.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<ScheduleRow>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(schedule_columns!("SELECT", "FROM schedules WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("reading the schedule"))?;
        row.map(ScheduleRow::try_from).transpose()
    }

    /// Entries whose time has come, the earliest first; also those whose time came while nobody looked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<ScheduleRow>, StoreError> {
        let found: Vec<Columns> = sqlx::query_as(schedule_columns!(
            "SELECT",
            "FROM schedules WHERE state = 'waiting' AND runs_at <= $1 ORDER BY runs_at, id LIMIT $2"
        ))
        .bind(now.0)
        .bind(rows(limit))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("looking for what is due"))?;
        found.into_iter().map(ScheduleRow::try_from).collect()
    }

    /// When the next entry's time comes; none if none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let earliest: Option<i64> = sqlx::query_scalar("SELECT MIN(runs_at) FROM schedules WHERE state = 'waiting'")
            .fetch_one(self.db.pool())
            .await
            .map_err(StoreError::database("looking for what is due"))?;
        Ok(earliest.map(Timestamp))
    }

    /// Entries, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, filter: &ScheduleFilter, page: Page<Uuid>) -> Result<Vec<ScheduleRow>, StoreError> {
        let found: Vec<Columns> = sqlx::query_as(schedule_columns!(
            "SELECT",
            "FROM schedules WHERE ($1 IS NULL OR state = $1) AND ($2 = 0 OR state IN ('waiting', 'running')) \
             AND ($3 IS NULL OR kind = $3) AND ($4 IS NULL OR name = $4) AND ($5 IS NULL OR poll = $5) \
             AND ($6 IS NULL OR id < $6) ORDER BY id DESC LIMIT $7"
        ))
        .bind(filter.state.map(ScheduleState::word))
        .bind(i64::from(filter.unfinished))
        .bind(filter.kind.as_deref())
        .bind(filter.name.as_deref())
        .bind(filter.poll.as_ref().map(poll_key))
        .bind(page.after.map(|id| id.to_string()))
        .bind(page.rows())
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing the schedule"))?;
        found.into_iter().map(ScheduleRow::try_from).collect()
    }
}
