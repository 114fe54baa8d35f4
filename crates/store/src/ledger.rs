use std::fmt;

use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::ledger::{BlockStamp, LogPlace, RawLog};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use crate::columns::{number, read_bytes, read_hash, read_number};
use crate::{Store, StoreError};

/// Whose logs: one contract on one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LedgerOf {
    /// The chain.
    pub chain: ChainId,
    /// The contract.
    pub contract: EthAddress,
}

impl fmt::Display for LedgerOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ledger of {} on chain {}", self.contract, self.chain)
    }
}

impl Store {
    /// The last block whose logs are stored; none if nothing is.
    pub async fn ledger_cursor(&self, of: LedgerOf) -> Result<Option<BlockStamp>, StoreError> {
        Ok(self.ledger_checkpoints(of, 1).await?.pop())
    }

    /// The newest blocks at which stretches ended, the newest first: where to look for a fork.
    pub async fn ledger_checkpoints(&self, of: LedgerOf, most: u32) -> Result<Vec<BlockStamp>, StoreError> {
        let rows = sqlx::query(
            "SELECT block, hash, timestamp FROM ledger_checkpoints
             WHERE chain = $1 AND contract = $2 ORDER BY block DESC LIMIT $3",
        )
        .bind(number("chain", of.chain.0)?)
        .bind(of.contract.to_string())
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::doing("reading the ledger's checkpoints"))?;
        rows.iter().map(read_checkpoint).collect()
    }

    /// Stores the logs of the blocks `from..=upto` and moves the cursor there, both or neither.
    ///
    /// The first stretch of a ledger may begin anywhere, each further one begins after the cursor.
    pub async fn ledger_append(
        &self,
        of: LedgerOf,
        from: BlockNumber,
        upto: BlockStamp,
        logs: &[RawLog],
    ) -> Result<(), StoreError> {
        let own =
            |log: &RawLog| log.address == of.contract && log.place.block >= from && log.place.block <= upto.number;
        if from > upto.number || !logs.iter().all(own) {
            return Err(StoreError::Foreign { of });
        }
        let doing = StoreError::doing("storing logs");
        let mut writing = self.begin_writing("storing logs").await?;
        let (chain, contract) = (number("chain", of.chain.0)?, of.contract.to_string());
        match newest_checkpoint(&mut writing, of).await? {
            Some(cursor) if from.0 != cursor.number.0.saturating_add(1) => {
                return Err(StoreError::NotNext {
                    of,
                    expected: BlockNumber(cursor.number.0.saturating_add(1)),
                    given: from,
                });
            }
            Some(_) => {}
            None => {
                sqlx::query(
                    "INSERT INTO ledgers (chain, contract, first_block) VALUES ($1, $2, $3)
                     ON CONFLICT (chain, contract) DO UPDATE SET first_block = excluded.first_block",
                )
                .bind(chain)
                .bind(&contract)
                .bind(number("block", from.0)?)
                .execute(&mut *writing)
                .await
                .map_err(&doing)?;
            }
        }
        for log in logs {
            insert(&mut writing, of, log).await?;
        }
        sqlx::query(
            "INSERT INTO ledger_checkpoints (chain, contract, block, hash, timestamp) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(chain)
        .bind(&contract)
        .bind(number("block", upto.number.0)?)
        .bind(upto.hash.to_vec())
        .bind(number("timestamp", upto.timestamp)?)
        .execute(&mut *writing)
        .await
        .map_err(&doing)?;
        writing.commit().await.map_err(doing)
    }

    /// Forgets every block above `kept`, because the chain has replaced them; all of them if none
    /// is kept. `kept` is one of the ledger's checkpoints.
    pub async fn ledger_unwind(&self, of: LedgerOf, kept: Option<BlockNumber>) -> Result<(), StoreError> {
        let above = match kept {
            Some(kept) => number("block", kept.0)?,
            None => -1,
        };
        let doing = StoreError::doing("unwinding the ledger");
        let mut writing = self.begin_writing("unwinding the ledger").await?;
        for table in [
            "DELETE FROM ledger_logs WHERE chain = $1 AND contract = $2 AND block > $3",
            "DELETE FROM ledger_checkpoints WHERE chain = $1 AND contract = $2 AND block > $3",
        ] {
            sqlx::query(table)
                .bind(number("chain", of.chain.0)?)
                .bind(of.contract.to_string())
                .bind(above)
                .execute(&mut *writing)
                .await
                .map_err(&doing)?;
        }
        writing.commit().await.map_err(doing)
    }

    /// The first block that was read; none if nothing was.
    pub async fn ledger_first_block(&self, of: LedgerOf) -> Result<Option<BlockNumber>, StoreError> {
        let row = sqlx::query("SELECT first_block FROM ledgers WHERE chain = $1 AND contract = $2")
            .bind(number("chain", of.chain.0)?)
            .bind(of.contract.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(StoreError::doing("reading the ledger's first block"))?;
        row.map(|row| read_number(&row, "first_block").map(BlockNumber))
            .transpose()
    }

    /// All stored logs, in the order in which they were emitted.
    pub async fn ledger_logs(&self, of: LedgerOf) -> Result<Vec<RawLog>, StoreError> {
        let rows = sqlx::query(
            "SELECT block, log_index, transaction_index, block_hash, transaction_hash, topics, data
             FROM ledger_logs WHERE chain = $1 AND contract = $2 ORDER BY block, log_index",
        )
        .bind(number("chain", of.chain.0)?)
        .bind(of.contract.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::doing("reading logs"))?;
        rows.iter().map(|row| read_log(of, row)).collect()
    }
}

async fn newest_checkpoint(
    transaction: &mut Transaction<'_, Sqlite>,
    of: LedgerOf,
) -> Result<Option<BlockStamp>, StoreError> {
    let row = sqlx::query(
        "SELECT block, hash, timestamp FROM ledger_checkpoints
         WHERE chain = $1 AND contract = $2 ORDER BY block DESC LIMIT 1",
    )
    .bind(number("chain", of.chain.0)?)
    .bind(of.contract.to_string())
    .fetch_optional(&mut **transaction)
    .await
    .map_err(StoreError::doing("reading the ledger's cursor"))?;
    row.as_ref().map(read_checkpoint).transpose()
}

async fn insert(transaction: &mut Transaction<'_, Sqlite>, of: LedgerOf, log: &RawLog) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ledger_logs
         (chain, contract, block, log_index, transaction_index, block_hash, transaction_hash, topics, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(number("chain", of.chain.0)?)
    .bind(of.contract.to_string())
    .bind(number("block", log.place.block.0)?)
    .bind(number("log index", log.place.log)?)
    .bind(number("transaction index", log.place.transaction)?)
    .bind(log.block_hash.to_vec())
    .bind(log.transaction.0.to_vec())
    .bind(log.topics.concat())
    .bind(&log.data)
    .execute(&mut **transaction)
    .await
    .map_err(StoreError::doing("storing a log"))?;
    Ok(())
}

fn read_checkpoint(row: &SqliteRow) -> Result<BlockStamp, StoreError> {
    Ok(BlockStamp {
        number: BlockNumber(read_number(row, "block")?),
        hash: read_hash(row, "hash")?,
        timestamp: read_number(row, "timestamp")?,
    })
}

fn read_log(of: LedgerOf, row: &SqliteRow) -> Result<RawLog, StoreError> {
    let damaged = || StoreError::Damaged { what: "topics" };
    let packed: &[u8] = row.try_get("topics").map_err(|_| damaged())?;
    let (topics, rest) = packed.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(damaged());
    }
    Ok(RawLog {
        place: LogPlace {
            block: BlockNumber(read_number(row, "block")?),
            transaction: read_number(row, "transaction_index")?,
            log: read_number(row, "log_index")?,
        },
        block_hash: read_hash(row, "block_hash")?,
        transaction: TxHash(read_hash(row, "transaction_hash")?),
        address: of.contract,
        topics: topics.to_vec(),
        data: read_bytes(row, "data")?,
    })
}
