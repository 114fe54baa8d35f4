//! Which senders sign nothing at present.

use maci_protocol::time::Timestamp;

use super::Db;
use super::column::word;
use crate::error::StoreError;

/// A sender that signs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// Its name.
    pub sender: String,
    /// Since when.
    pub since: Timestamp,
    /// Who paused it.
    pub by: String,
}

/// The senders that sign nothing.
#[derive(Debug, Clone)]
pub struct Pauses {
    db: Db,
}

impl Pauses {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Pauses a sender. False if it was paused already: then nothing is changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause(&self, paused: &Paused) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO paused_senders (sender, since, paused_by) VALUES ($1, $2, $3) ON CONFLICT (sender) DO NOTHING",
        )
        .bind(word("a sender's name", &paused.sender)?.to_owned())
        .bind(paused.since.0)
        .bind(word("who paused a sender", &paused.by)?.to_owned())
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("pausing a sender"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Lets a sender go on. False if it was not paused.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resume(&self, sender: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM paused_senders WHERE sender = $1")
            .bind(sender.to_owned())
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("letting a sender go on"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Every sender that is paused, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Paused>, StoreError> {
        let rows: Vec<(String, i64, String)> =
            sqlx::query_as("SELECT sender, since, paused_by FROM paused_senders ORDER BY sender")
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database("listing paused senders"))?;
        let read = |(sender, since, by)| Paused {
            sender,
            since: Timestamp(since),
            by,
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
