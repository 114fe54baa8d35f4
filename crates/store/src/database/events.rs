//! What happened, in order, for those who follow along.

use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::column::{document, id_if_any, poll_if_any, poll_key, word};
use super::{Db, rows};
use crate::error::StoreError;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// When.
    pub at: Timestamp,
    /// The poll it is about, if it is about one.
    pub poll: Option<PollRef>,
    /// The job it happened in, if it did in one.
    pub job: Option<Uuid>,
    /// What kind of thing.
    pub kind: String,
    /// What exactly.
    pub body: Value,
}

/// Something that happened, in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Its place; later events have greater ones, and none is given twice.
    pub cursor: i64,
    /// What happened.
    pub event: NewEvent,
}

/// Which events; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those about this poll.
    pub poll: Option<PollRef>,
    /// Only those of this job.
    pub job: Option<Uuid>,
    /// Only this kind.
    pub kind: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Columns {
    event_cursor: i64,
    happened_at: i64,
    poll: Option<String>,
    job: Option<String>,
    kind: String,
    body: String,
}

impl TryFrom<Columns> for EventRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            cursor: row.event_cursor,
            event: NewEvent {
                at: Timestamp(row.happened_at),
                poll: poll_if_any(row.poll.as_deref())?,
                job: id_if_any("an event's job", row.job.as_deref())?,
                kind: row.kind,
                body: document("an event's body", &row.body)?,
            },
        })
    }
}

/// The events. They are added and pruned, never changed.
#[derive(Debug, Clone)]
pub struct Events {
    db: Db,
}

impl Events {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Adds an event and answers its cursor. Whoever has read up to a cursor has seen everything before it, whichever
    /// machine added it.
    ///
    /// # Errors
    /// When the database fails; then nothing was added.
    pub async fn append(&self, event: &NewEvent) -> Result<i64, StoreError> {
        let doing = "adding an event";
        let mut work = self.db.writing("events", doing).await?;
        let cursor: i64 =
            sqlx::query_scalar("UPDATE event_cursor SET last_cursor = last_cursor + 1 RETURNING last_cursor")
                .fetch_one(&mut *work)
                .await
                .map_err(StoreError::database(doing))?;
        sqlx::query(
            "INSERT INTO events (event_cursor, happened_at, poll, job, kind, body) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(cursor)
        .bind(event.at.0)
        .bind(event.poll.as_ref().map(poll_key))
        .bind(event.job.map(|job| job.to_string()))
        .bind(word("an event's kind", &event.kind)?)
        .bind(event.body.to_string())
        .execute(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        Ok(cursor)
    }

    /// What happened after a cursor, the oldest first; 0 is before everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn after(&self, cursor: i64, limit: u32, filter: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        let found: Vec<Columns> = sqlx::query_as(
            "SELECT event_cursor, happened_at, poll, job, kind, body FROM events WHERE event_cursor > $1 \
             AND ($2 IS NULL OR poll = $2) AND ($3 IS NULL OR job = $3) AND ($4 IS NULL OR kind = $4) \
             ORDER BY event_cursor LIMIT $5",
        )
        .bind(cursor)
        .bind(filter.poll.as_ref().map(poll_key))
        .bind(filter.job.map(|job| job.to_string()))
        .bind(filter.kind.as_deref())
        .bind(rows(limit))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("reading events"))?;
        found.into_iter().map(EventRow::try_from).collect()
    }

    /// The cursor of the newest event there ever was; 0 if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT last_cursor FROM event_cursor")
            .fetch_one(self.db.pool())
            .await
            .map_err(StoreError::database("reading events"))
    }

    /// The cursor of the oldest event still there; none if there is none. Who resumes from before it has missed some.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn oldest(&self) -> Result<Option<i64>, StoreError> {
        sqlx::query_scalar("SELECT MIN(event_cursor) FROM events")
            .fetch_one(self.db.pool())
            .await
            .map_err(StoreError::database("reading events"))
    }

    /// Forgets what happened before a moment, and answers how many events that were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM events WHERE happened_at < $1")
            .bind(before.0)
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("pruning events"))?;
        Ok(done.rows_affected())
    }
}
