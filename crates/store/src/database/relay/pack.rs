use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;

use super::super::column::{poll_key, signed, unsigned};
use super::batch::{BatchColumns, relayed_batches};
use super::message::{MessageColumns, relayed_messages};
use super::{Relay, RelayedBatchRow, RelayedMessageRow, commit};
use crate::error::StoreError;

/// A batch to be made of waiting messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// SHA-256 of its file.
    pub digest: [u8; 32],
    /// The places of its messages.
    pub places: Vec<u64>,
}

/// Batches that go on chain in one transaction, each with its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// Its number, counted per poll.
    pub number: u64,
    /// The batches, in order.
    pub batches: Vec<(RelayedBatchRow, Vec<RelayedMessageRow>)>,
}

impl Relay {
    /// Packs waiting messages into the batches of a new shipment, unless the poll has one under way. None if it has, or
    /// if one of the messages no longer waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pack(&self, poll: &PollRef, batches: &[NewBatch], now: Timestamp) -> Result<Option<u64>, StoreError> {
        let doing = "packing relayed messages";
        let failed = || StoreError::database(doing);
        let key = poll_key(poll);
        let mut work = self.writing(poll, doing).await?;
        let under_way: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM relayed_batches WHERE poll = $1 AND state IN ('packed', 'published', 'sent')",
        )
        .bind(&key)
        .fetch_one(&mut *work)
        .await
        .map_err(failed())?;
        if under_way > 0 {
            return Ok(None);
        }
        let (number, shipment): (i64, i64) = sqlx::query_as(
            "SELECT COALESCE(MAX(number), -1) + 1, COALESCE(MAX(shipment), -1) + 1 FROM relayed_batches WHERE poll = $1",
        )
        .bind(&key)
        .fetch_one(&mut *work)
        .await
        .map_err(failed())?;
        for (number, batch) in (number..).zip(batches) {
            sqlx::query(
                "INSERT INTO relayed_batches (poll, number, shipment, digest, messages, state, changed_at) \
                 VALUES ($1, $2, $3, $4, $5, 'packed', $6)",
            )
            .bind(&key)
            .bind(number)
            .bind(shipment)
            .bind(&batch.digest[..])
            .bind(signed("count of messages", batch.places.len() as u64)?)
            .bind(now.0)
            .execute(&mut *work)
            .await
            .map_err(failed())?;
            for place in &batch.places {
                let done = sqlx::query(
                    "UPDATE relayed_messages SET batch = $3 WHERE poll = $1 AND place = $2 AND batch IS NULL",
                )
                .bind(&key)
                .bind(signed("place", *place)?)
                .bind(number)
                .execute(&mut *work)
                .await
                .map_err(failed())?;
                if done.rows_affected() == 0 {
                    return Ok(None);
                }
            }
        }
        commit(work, doing).await?;
        unsigned("a shipment's number", shipment).map(Some)
    }

    /// Lets the messages of a shipment wait again, because it can no longer land as it is. Nothing of it may be on its
    /// way. False if it is on chain or was dissolved before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dissolve(&self, poll: &PollRef, shipment: u64, now: Timestamp) -> Result<bool, StoreError> {
        let doing = "dissolving relayed batches";
        let failed = || StoreError::database(doing);
        let key = poll_key(poll);
        let mut work = self.writing(poll, doing).await?;
        let done = sqlx::query(
            "UPDATE relayed_batches SET state = 'dissolved', transaction_id = NULL, block = NULL, changed_at = $3 \
             WHERE poll = $1 AND shipment = $2 AND state IN ('packed', 'published', 'sent', 'landed')",
        )
        .bind(&key)
        .bind(signed("shipment", shipment)?)
        .bind(now.0)
        .execute(&mut *work)
        .await
        .map_err(failed())?;
        sqlx::query(
            "UPDATE relayed_messages SET batch = NULL WHERE poll = $1 AND batch IN \
             (SELECT number FROM relayed_batches WHERE poll = $1 AND shipment = $2 AND state = 'dissolved')",
        )
        .bind(&key)
        .bind(signed("shipment", shipment)?)
        .execute(&mut *work)
        .await
        .map_err(failed())?;
        commit(work, doing).await?;
        Ok(done.rows_affected() > 0)
    }

    /// The shipment that is under way, if one is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn under_way(&self, poll: &PollRef) -> Result<Option<Shipment>, StoreError> {
        self.shipment(
            poll,
            relayed_batches!("WHERE poll = $1 AND state IN ('packed', 'published', 'sent') ORDER BY shipment, number"),
        )
        .await
    }

    /// The oldest shipment that is on chain in a block that may still be replaced, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsettled(&self, poll: &PollRef) -> Result<Option<Shipment>, StoreError> {
        self.shipment(
            poll,
            relayed_batches!("WHERE poll = $1 AND state = 'landed' ORDER BY shipment, number"),
        )
        .await
    }

    async fn shipment(&self, poll: &PollRef, query: &'static str) -> Result<Option<Shipment>, StoreError> {
        let doing = "reading a shipment";
        let mut work = self.db.reading(doing).await?;
        let rows: Vec<BatchColumns> = sqlx::query_as(query)
            .bind(poll_key(poll))
            .fetch_all(&mut *work)
            .await
            .map_err(StoreError::database(doing))?;
        let rows: Vec<RelayedBatchRow> = rows.into_iter().map(TryFrom::try_from).collect::<Result<_, _>>()?;
        let Some(number) = rows.first().map(|row| row.shipment) else {
            return Ok(None);
        };
        let mut batches = Vec::new();
        for row in rows.into_iter().filter(|row| row.shipment == number) {
            let messages: Vec<MessageColumns> =
                sqlx::query_as(relayed_messages!("WHERE poll = $1 AND batch = $2 ORDER BY place"))
                    .bind(poll_key(poll))
                    .bind(signed("batch", row.number)?)
                    .fetch_all(&mut *work)
                    .await
                    .map_err(StoreError::database(doing))?;
            batches.push((
                row,
                messages.into_iter().map(TryFrom::try_from).collect::<Result<_, _>>()?,
            ));
        }
        Ok(Some(Shipment { number, batches }))
    }
}
