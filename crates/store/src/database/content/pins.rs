use maci_protocol::time::Timestamp;

use crate::database::column::{signed, stored_words, unsigned, word};
use crate::database::engine::Db;
use crate::error::StoreError;

stored_words! {
    /// How far a target has come with something it is to pin.
    PinState {
        /// It is to be asked, for the first time or again.
        Waiting = "waiting",
        /// It was asked and is at work on it.
        Requested = "requested",
        /// It has said that it keeps it.
        Pinned = "pinned",
    }
}

/// Something published, and one target that is to keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The content identifier.
    pub cid: String,
    /// The target's name.
    pub target: String,
    /// How far it has come.
    pub state: PinState,
    /// How often it was tried since it last succeeded.
    pub attempts: u32,
    /// The target's own name for what it was asked.
    pub request: Option<String>,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// When it is to be looked at again.
    pub due: Timestamp,
    /// When it last changed.
    pub changed: Timestamp,
}

#[derive(sqlx::FromRow)]
struct PinRow {
    cid: String,
    target: String,
    state: String,
    attempts: i64,
    request: Option<String>,
    problem: Option<String>,
    due: i64,
    changed_at: i64,
}

impl TryFrom<PinRow> for Pin {
    type Error = StoreError;

    fn try_from(row: PinRow) -> Result<Self, StoreError> {
        let attempts = unsigned("a pin's attempts", row.attempts)?;
        Ok(Self {
            cid: row.cid,
            target: row.target,
            state: PinState::from_word(&row.state)?,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            request: row.request,
            problem: row.problem,
            due: Timestamp(row.due),
            changed: Timestamp(row.changed_at),
        })
    }
}

/// How many pins of a target are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinCount {
    /// The target.
    pub target: String,
    /// The state.
    pub state: PinState,
    /// How many.
    pub count: u64,
}

/// Where everything published is kept beside here.
#[derive(Debug, Clone)]
pub struct Pins {
    db: Db,
}

macro_rules! pins {
    ($tail:literal) => {
        concat!(
            "SELECT cid, target, state, attempts, request, problem, due, changed_at FROM pins ",
            $tail
        )
    };
}

impl Pins {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Every target's state for one root.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(&self, cid: &str) -> Result<Vec<Pin>, StoreError> {
        let rows: Vec<PinRow> = sqlx::query_as(pins!("WHERE cid = $1 ORDER BY target"))
            .bind(cid)
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database("reading pins"))?;
        rows.into_iter().map(Pin::try_from).collect()
    }

    /// What a target is to be asked about now, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, target: &str, now: Timestamp, limit: u32) -> Result<Vec<Pin>, StoreError> {
        let rows: Vec<PinRow> = sqlx::query_as(pins!(
            "WHERE target = $1 AND state <> 'pinned' AND due <= $2 ORDER BY due, cid LIMIT $3"
        ))
        .bind(target)
        .bind(now.0)
        .bind(i64::from(limit))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("looking for pins that are due"))?;
        rows.into_iter().map(Pin::try_from).collect()
    }

    /// When the next pin of a target is due, if one is not done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self, target: &str) -> Result<Option<Timestamp>, StoreError> {
        let row: (Option<i64>,) = sqlx::query_as("SELECT MIN(due) FROM pins WHERE target = $1 AND state <> 'pinned'")
            .bind(target)
            .fetch_one(self.db.pool())
            .await
            .map_err(StoreError::database("looking for the next pin"))?;
        Ok(row.0.map(Timestamp))
    }

    /// Writes down how far a target has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update(&self, pin: &Pin) -> Result<(), StoreError> {
        let short = |text: &String| text.replace('\0', " ").chars().take(300).collect::<String>();
        sqlx::query(
            "UPDATE pins SET state = $3, attempts = $4, request = $5, problem = $6, due = $7, changed_at = $8 \
             WHERE cid = $1 AND target = $2",
        )
        .bind(pin.cid.clone())
        .bind(pin.target.clone())
        .bind(pin.state.word())
        .bind(signed("attempts", pin.attempts.into())?)
        .bind(pin.request.as_ref().map(short))
        .bind(pin.problem.as_ref().map(short))
        .bind(pin.due.0)
        .bind(pin.changed.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("writing a pin"))?;
        Ok(())
    }

    /// Lets a target that is new pin everything that was published before. Answers how much that is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn extend(&self, target: &str, now: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "INSERT INTO pins (cid, target, state, attempts, due, changed_at) \
             SELECT cid, $1, 'waiting', 0, $2, $3 FROM published_roots WHERE true \
             ON CONFLICT (cid, target) DO NOTHING",
        )
        .bind(word("a target's name", target)?.to_owned())
        .bind(now.0)
        .bind(now.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("asking for pins"))?;
        Ok(done.rows_affected())
    }

    /// How many pins there are, by target and state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Vec<PinCount>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT target, state, COUNT(*) FROM pins GROUP BY target, state ORDER BY target, state")
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database("counting pins"))?;
        let count = |(target, state, count): (String, String, i64)| {
            Ok(PinCount {
                target,
                state: PinState::from_word(&state)?,
                count: unsigned("a count of pins", count)?,
            })
        };
        rows.into_iter().map(count).collect()
    }
}
