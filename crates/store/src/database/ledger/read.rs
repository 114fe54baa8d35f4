use futures::stream::{BoxStream, StreamExt};
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::ledger::{BlockStamp, RawLog};
use sqlx::{Any, Executor};

use super::super::column::{poll_key, unsigned};
use super::Ledger;
use super::row::{LogRow, StampRow};
use crate::error::StoreError;

/// How far a poll's ledger goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerState {
    /// The first block it covers.
    pub start: BlockNumber,
    /// The last block read; none before the first stretch.
    pub cursor: Option<BlockStamp>,
}

impl LedgerState {
    /// The block to go on with.
    pub fn next(&self) -> BlockNumber {
        self.cursor
            .map_or(self.start, |cursor| BlockNumber(cursor.number.0.saturating_add(1)))
    }
}

impl Ledger {
    /// How far the poll's ledger goes; none if it was not begun.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn state(&self, poll: &PollRef) -> Result<Option<LedgerState>, StoreError> {
        let mut reading = self.db.reading("reading the ledger").await?;
        state_in(&mut *reading, &poll_key(poll)).await
    }

    /// The stamps kept, newest first: candidates for the last block the chain still has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stamps(&self, poll: &PollRef) -> Result<Vec<BlockStamp>, StoreError> {
        let rows: Vec<StampRow> =
            sqlx::query_as("SELECT block, block_hash, mined_at FROM ledger_stamps WHERE poll = $1 ORDER BY block DESC")
                .bind(poll_key(poll))
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database("reading the ledger's stamps"))?;
        rows.into_iter().map(BlockStamp::try_from).collect()
    }

    /// All logs of the poll in the order of the chain, as they were at one moment.
    pub fn logs(&self, poll: &PollRef) -> BoxStream<'_, Result<RawLog, StoreError>> {
        sqlx::query_as::<_, LogRow>(
            "SELECT block, tx_index, log_index, block_hash, tx_hash, emitter, topics, payload \
             FROM ledger_logs WHERE poll = $1 ORDER BY block, tx_index, log_index",
        )
        .bind(poll_key(poll))
        .fetch(self.db.pool())
        .map(|row| {
            row.map_err(StoreError::database("reading the ledger's logs"))
                .and_then(RawLog::try_from)
        })
        .boxed()
    }
}

/// [`Ledger::state`] inside a transaction.
pub(super) async fn state_in<'c>(
    database: impl Executor<'c, Database = Any>,
    key: &str,
) -> Result<Option<LedgerState>, StoreError> {
    type Row = (i64, Option<i64>, Option<Vec<u8>>, Option<i64>);
    let row: Option<Row> = sqlx::query_as(
        "SELECT start_block, block, block_hash, mined_at \
         FROM ledgers LEFT JOIN ledger_stamps ON ledger_stamps.poll = ledgers.poll \
         WHERE ledgers.poll = $1 ORDER BY block DESC LIMIT 1",
    )
    .bind(key)
    .fetch_optional(database)
    .await
    .map_err(StoreError::database("reading the ledger's state"))?;
    let Some((start, block, hash, time)) = row else {
        return Ok(None);
    };
    let cursor = match (block, hash, time) {
        (Some(block), Some(block_hash), Some(mined_at)) => Some(BlockStamp::try_from(StampRow {
            block,
            block_hash,
            mined_at,
        })?),
        _ => None,
    };
    Ok(Some(LedgerState {
        start: BlockNumber(unsigned("a ledger's start", start)?),
        cursor,
    }))
}
