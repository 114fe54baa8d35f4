use maci_protocol::ids::{BlockNumber, EthAddress, TxHash};
use maci_protocol::ledger::{BlockStamp, LogPlace, RawLog};

use super::super::column::{exactly, signed, unsigned};
use crate::error::StoreError;

/// A log as `ledger_logs` holds it.
#[derive(sqlx::FromRow)]
pub(super) struct LogRow {
    pub(super) block: i64,
    pub(super) tx_index: i64,
    pub(super) log_index: i64,
    pub(super) block_hash: Vec<u8>,
    pub(super) tx_hash: Vec<u8>,
    pub(super) emitter: Vec<u8>,
    /// Up to four topics, 32 bytes each, one after another.
    pub(super) topics: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

impl TryFrom<&RawLog> for LogRow {
    type Error = StoreError;

    fn try_from(log: &RawLog) -> Result<Self, StoreError> {
        Ok(Self {
            block: signed("block", log.place.block.0)?,
            tx_index: signed("transaction index", log.place.transaction)?,
            log_index: signed("log index", log.place.log)?,
            block_hash: log.block_hash.to_vec(),
            tx_hash: log.transaction.0.to_vec(),
            emitter: log.address.0.to_vec(),
            topics: log.topics.concat(),
            payload: log.data.clone(),
        })
    }
}

impl TryFrom<LogRow> for RawLog {
    type Error = StoreError;

    fn try_from(row: LogRow) -> Result<Self, StoreError> {
        let (topics, rest) = row.topics.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(StoreError::DamagedRow {
                what: format!("log {} of block {} has a torn topic", row.log_index, row.block),
            });
        }
        Ok(Self {
            place: LogPlace {
                block: BlockNumber(unsigned("a log's block", row.block)?),
                transaction: unsigned("a log's transaction index", row.tx_index)?,
                log: unsigned("a log's index", row.log_index)?,
            },
            block_hash: exactly("a log's block hash", &row.block_hash)?,
            transaction: TxHash(exactly("a log's transaction hash", &row.tx_hash)?),
            address: EthAddress(exactly("a log's emitter", &row.emitter)?),
            topics: topics.to_vec(),
            data: row.payload,
        })
    }
}

/// A block as `ledger_stamps` holds it.
#[derive(sqlx::FromRow)]
pub(super) struct StampRow {
    pub(super) block: i64,
    pub(super) block_hash: Vec<u8>,
    pub(super) mined_at: i64,
}

impl TryFrom<StampRow> for BlockStamp {
    type Error = StoreError;

    fn try_from(row: StampRow) -> Result<Self, StoreError> {
        Ok(Self {
            number: BlockNumber(unsigned("a stamp's block", row.block)?),
            hash: exactly("a stamp's hash", &row.block_hash)?,
            timestamp: unsigned("a stamp's time", row.mined_at)?,
        })
    }
}
