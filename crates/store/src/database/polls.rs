//! Which polls are looked after.

use maci_protocol::Mode;
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::time::Timestamp;

use super::Db;
use super::column::{poll_from, poll_key, signed, stored_words, unsigned, word};
use crate::error::StoreError;

stored_words! {
    /// How a poll came to be looked after.
    PollSource {
        /// Somebody asked for it.
        Api = "api",
        /// This service deployed it.
        Deployed = "deployed",
        /// The settings name it.
        Settings = "settings",
    }
}

/// A poll that is looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Which one.
    pub poll: PollRef,
    /// How its votes are paid for.
    pub mode: Mode,
    /// The block its MACI contract was deployed in, where it is known: nothing of it is earlier.
    pub deployment_block: Option<BlockNumber>,
    /// The name of who pays for its transactions, if it has one of its own.
    pub sender: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub source: PollSource,
    /// Whether it is only looked at and nothing is sent.
    pub paused: bool,
}

#[derive(sqlx::FromRow)]
struct WatchedRow {
    poll: String,
    mode: i64,
    deployment_block: Option<i64>,
    sender: Option<String>,
    since: i64,
    source: String,
    paused: i64,
}

impl TryFrom<WatchedRow> for Watched {
    type Error = StoreError;

    fn try_from(row: WatchedRow) -> Result<Self, StoreError> {
        let damaged = |error: &dyn std::fmt::Display| StoreError::DamagedRow {
            what: format!("the mode of {}: {error}", row.poll),
        };
        let number = u8::try_from(row.mode).map_err(|error| damaged(&error))?;
        let block = row
            .deployment_block
            .map(|block| unsigned("a deployment's block", block).map(BlockNumber));
        Ok(Self {
            mode: Mode::try_from(number).map_err(|error| damaged(&error))?,
            poll: poll_from(&row.poll)?,
            deployment_block: block.transpose()?,
            sender: row.sender,
            since: Timestamp(row.since),
            source: PollSource::from_word(&row.source)?,
            paused: row.paused != 0,
        })
    }
}

/// The polls that are looked after.
#[derive(Debug, Clone)]
pub struct Polls {
    db: Db,
}

macro_rules! watched {
    ($tail:literal) => {
        concat!(
            "SELECT poll, mode, deployment_block, sender, since, source, paused FROM watched_polls ",
            $tail
        )
    };
}

impl Polls {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Looks after a poll from now on. False if it already was: then nothing is changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watch(&self, watched: &Watched) -> Result<bool, StoreError> {
        let done = bound(
            watched,
            "INSERT INTO watched_polls (poll, mode, deployment_block, sender, since, source, paused) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (poll) DO NOTHING",
        )?
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("adding a poll"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Changes how a poll is looked after. False if it is not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update(&self, watched: &Watched) -> Result<bool, StoreError> {
        let done = bound(
            watched,
            "UPDATE watched_polls SET mode = $2, deployment_block = $3, sender = $4, since = $5, source = $6, \
             paused = $7 WHERE poll = $1",
        )?
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("changing a poll"))?;
        Ok(done.rows_affected() > 0)
    }

    /// No longer looks after a poll; its ledger, files and jobs stay. False if it was not looked after.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unwatch(&self, poll: &PollRef) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM watched_polls WHERE poll = $1")
            .bind(poll_key(poll))
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("removing a poll"))?;
        Ok(done.rows_affected() > 0)
    }

    /// How the poll is looked after, if it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, poll: &PollRef) -> Result<Option<Watched>, StoreError> {
        let row: Option<WatchedRow> = sqlx::query_as(watched!("WHERE poll = $1"))
            .bind(poll_key(poll))
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("reading a poll"))?;
        row.map(Watched::try_from).transpose()
    }

    /// All that are looked after, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Watched>, StoreError> {
        let rows: Vec<WatchedRow> = sqlx::query_as(watched!("ORDER BY since, poll"))
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database("listing polls"))?;
        rows.into_iter().map(Watched::try_from).collect()
    }
}

type Bound = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

fn bound(watched: &Watched, statement: &'static str) -> Result<Bound, StoreError> {
    let sender = watched.sender.as_deref().map(|name| word("a sender's name", name));
    let block = watched.deployment_block.map(|block| signed("block", block.0));
    Ok(sqlx::query(statement)
        .bind(poll_key(&watched.poll))
        .bind(i64::from(u8::from(watched.mode)))
        .bind(block.transpose()?)
        .bind(sender.transpose()?.map(str::to_owned))
        .bind(watched.since.0)
        .bind(watched.source.word())
        .bind(i64::from(watched.paused)))
}
