use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::time::Timestamp;

use super::super::column::{poll_from, poll_key, signed, unsigned};
use super::super::rows;
use super::batch::{BatchColumns, relayed_batches};
use super::message::{MessageColumns, relayed_messages};
use super::{BatchState, Relay, RelayedBatchRow, RelayedMessageRow};
use crate::error::StoreError;

/// Messages that are in no batch yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub messages: u64,
    /// When the oldest of them was taken.
    pub oldest: Option<Timestamp>,
}

/// How far a poll's relayed messages have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RelayCounts {
    /// In no batch yet.
    pub waiting: u64,
    /// In a batch that is not on chain yet.
    pub under_way: u64,
    /// On chain.
    pub on_chain: u64,
    /// Voting ended before they were on chain.
    pub missed: u64,
}

/// Which batches are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFilter {
    /// Of which poll.
    pub poll: PollRef,
    /// How many to leave out first.
    pub skip: u64,
    /// How many; 1 to 1000.
    pub limit: u32,
}

impl Relay {
    /// The messages of a poll that wait, in the order they were taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_waiting(&self, poll: &PollRef, limit: u32) -> Result<Vec<RelayedMessageRow>, StoreError> {
        let found: Vec<MessageColumns> = sqlx::query_as(relayed_messages!(
            "WHERE poll = $1 AND batch IS NULL ORDER BY place LIMIT $2"
        ))
        .bind(poll_key(poll))
        .bind(rows(limit))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("reading waiting messages"))?;
        found.into_iter().map(TryFrom::try_from).collect()
    }

    /// How many messages of a poll wait, and for how long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self, poll: &PollRef) -> Result<Waiting, StoreError> {
        let (count, oldest): (i64, Option<i64>) =
            sqlx::query_as("SELECT COUNT(*), MIN(taken_at) FROM relayed_messages WHERE poll = $1 AND batch IS NULL")
                .bind(poll_key(poll))
                .fetch_one(self.db.pool())
                .await
                .map_err(StoreError::database("counting waiting messages"))?;
        Ok(Waiting {
            messages: unsigned("a count", count)?,
            oldest: oldest.map(Timestamp),
        })
    }

    /// How many messages were taken for a poll with each state index's proof.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_voter(&self, poll: &PollRef) -> Result<Vec<(StateIndex, u64)>, StoreError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT state_index, COUNT(*) FROM relayed_messages WHERE poll = $1 GROUP BY state_index ORDER BY state_index",
        )
        .bind(poll_key(poll))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("counting relayed messages"))?;
        let read = |(index, count)| {
            Ok((
                StateIndex(unsigned("a state index", index)?),
                unsigned("a count", count)?,
            ))
        };
        rows.into_iter().map(read).collect()
    }

    /// How far a poll's messages have come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self, poll: &PollRef) -> Result<RelayCounts, StoreError> {
        let of_state: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, CAST(SUM(messages) AS BIGINT) FROM relayed_batches WHERE poll = $1 GROUP BY state",
        )
        .bind(poll_key(poll))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("counting relayed messages"))?;
        let mut counts = RelayCounts {
            waiting: self.waiting(poll).await?.messages,
            ..RelayCounts::default()
        };
        for (state, messages) in of_state {
            let messages = unsigned("a count", messages)?;
            match BatchState::from_word(&state)? {
                BatchState::Packed | BatchState::Published | BatchState::Sent => counts.under_way += messages,
                BatchState::Landed | BatchState::Final => counts.on_chain += messages,
                BatchState::Missed => counts.missed += messages,
                BatchState::Dissolved => {}
            }
        }
        Ok(counts)
    }

    /// The polls whose messages are not all on chain for good.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unfinished(&self) -> Result<Vec<PollRef>, StoreError> {
        let keys: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT poll FROM relayed_messages WHERE batch IS NULL UNION \
             SELECT DISTINCT poll FROM relayed_batches WHERE state IN ('packed', 'published', 'sent', 'landed')",
        )
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing polls with relayed messages"))?;
        keys.iter().map(|key| poll_from(key)).collect()
    }

    /// Messages with this hash, of whichever polls, with their batches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, hash: &[u8; 32]) -> Result<Vec<(RelayedMessageRow, Option<RelayedBatchRow>)>, StoreError> {
        let rows: Vec<MessageColumns> = sqlx::query_as(relayed_messages!("WHERE hash = $1 ORDER BY poll"))
            .bind(&hash[..])
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database("looking for a relayed message"))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let message = RelayedMessageRow::try_from(row)?;
            let batch = match message.batch {
                Some(number) => self.batch(&message.poll, number).await?,
                None => None,
            };
            found.push((message, batch));
        }
        Ok(found)
    }

    async fn batch(&self, poll: &PollRef, number: u64) -> Result<Option<RelayedBatchRow>, StoreError> {
        let row: Option<BatchColumns> = sqlx::query_as(relayed_batches!("WHERE poll = $1 AND number = $2"))
            .bind(poll_key(poll))
            .bind(signed("batch", number)?)
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("reading a relayed batch"))?;
        row.map(TryFrom::try_from).transpose()
    }

    /// The messages of a batch, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages_of(&self, poll: &PollRef, number: u64) -> Result<Vec<RelayedMessageRow>, StoreError> {
        let rows: Vec<MessageColumns> =
            sqlx::query_as(relayed_messages!("WHERE poll = $1 AND batch = $2 ORDER BY place"))
                .bind(poll_key(poll))
                .bind(signed("batch", number)?)
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database("reading a relayed batch"))?;
        rows.into_iter().map(TryFrom::try_from).collect()
    }

    /// The batch with this digest, if it was made here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn batch_of(&self, digest: &[u8; 32]) -> Result<Option<RelayedBatchRow>, StoreError> {
        let row: Option<BatchColumns> = sqlx::query_as(relayed_batches!(
            "WHERE digest = $1 AND state <> 'dissolved' ORDER BY poll, number LIMIT 1"
        ))
        .bind(&digest[..])
        .fetch_optional(self.db.pool())
        .await
        .map_err(StoreError::database("looking for a relayed batch"))?;
        row.map(TryFrom::try_from).transpose()
    }

    /// Batches of a poll that were not dissolved, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn batches(&self, filter: &BatchFilter) -> Result<Vec<RelayedBatchRow>, StoreError> {
        let rows: Vec<BatchColumns> = sqlx::query_as(relayed_batches!(
            "WHERE poll = $1 AND state <> 'dissolved' ORDER BY number LIMIT $2 OFFSET $3"
        ))
        .bind(poll_key(&filter.poll))
        .bind(rows(filter.limit))
        .bind(signed("number of batches", filter.skip)?)
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing relayed batches"))?;
        rows.into_iter().map(TryFrom::try_from).collect()
    }
}
