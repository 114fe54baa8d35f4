use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;

use crate::database::column::{poll_key, word};
use crate::database::engine::Db;
use crate::error::StoreError;

/// A poll's result, published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The content identifier of the root.
    pub root: String,
    /// When it was published here.
    pub published: Timestamp,
}

/// The root of every poll's result.
#[derive(Debug, Clone)]
pub struct Publications {
    db: Db,
}

impl Publications {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Writes down the root of a poll's result, which must be published. False if this very root was known; another one
    /// takes its place.
    ///
    /// # Errors
    /// When the database fails, or the root is not published.
    pub async fn record(&self, poll: &PollRef, root: &str, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO publications (poll, root, published_at) VALUES ($1, $2, $3) \
             ON CONFLICT (poll) DO UPDATE SET root = excluded.root, published_at = excluded.published_at \
             WHERE publications.root <> excluded.root",
        )
        .bind(poll_key(poll))
        .bind(word("a content identifier", root)?.to_owned())
        .bind(now.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("writing a publication"))?;
        Ok(done.rows_affected() > 0)
    }

    /// The root of a poll's result, if it was published here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, poll: &PollRef) -> Result<Option<Publication>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as("SELECT root, published_at FROM publications WHERE poll = $1")
            .bind(poll_key(poll))
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for a publication"))?;
        Ok(row.map(|(root, at)| Publication {
            root,
            published: Timestamp(at),
        }))
    }
}
