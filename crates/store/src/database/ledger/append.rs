use futures::TryStreamExt;
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::ledger::{BlockStamp, RawLog};
use sqlx::AnyConnection;

use super::super::column::{poll_key, signed};
use super::read::state_in;
use super::row::LogRow;
use super::{Ledger, turn};
use crate::error::StoreError;

/// Stamps kept per poll. A chain replaced further back than all of them is read again from the start.
const STAMPS: i64 = 1024;

/// What became of a stretch offered to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Logs that were not there before.
    pub new: usize,
}

impl Ledger {
    /// Adds all logs of the blocks `from` to `upto` and moves the cursor to `upto`, in one step.
    ///
    /// Blocks that are there already are compared, so offering a stretch twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Gap`] if it does not continue the ledger, [`StoreError::Conflict`] if the
    /// ledger has other logs for these blocks, [`StoreError::NotAStretch`] if the logs are out of
    /// order or outside the blocks.
    pub async fn append(
        &self,
        poll: &PollRef,
        from: BlockNumber,
        upto: BlockStamp,
        logs: &[RawLog],
    ) -> Result<Appended, StoreError> {
        check_order(logs, from, upto).map_err(|reason| StoreError::NotAStretch {
            poll: *poll,
            from,
            upto: upto.number,
            reason,
        })?;
        let doing = "appending to the ledger";
        let key = poll_key(poll);
        let mut writing = self.db.writing(&turn(&key), doing).await?;
        let state = state_in(&mut *writing, &key)
            .await?
            .ok_or(StoreError::NotFollowed { poll: *poll })?;
        let next = state.next();
        if from > next {
            return Err(StoreError::Gap {
                poll: *poll,
                expected: next,
                found: from,
            });
        }
        let known = logs.partition_point(|log| log.place.block < next);
        let (old, new) = logs.split_at(known);
        let last_old = upto.number.min(BlockNumber(next.0.saturating_sub(1)));
        if next > from
            && let Some(block) = first_difference(&mut writing, &key, (from, last_old), old).await?
        {
            return Err(StoreError::Conflict { poll: *poll, block });
        }
        for log in new {
            insert(&mut writing, &key, log).await?;
        }
        // an old block gets no new stamp: only its logs were compared, not its ancestry
        if upto.number >= next {
            stamp(&mut writing, &key, upto).await?;
        } else if other_stamp(&mut writing, &key, upto).await? {
            return Err(StoreError::Conflict {
                poll: *poll,
                block: upto.number,
            });
        }
        writing.commit().await.map_err(StoreError::database(doing))?;
        Ok(Appended { new: new.len() })
    }
}

/// Whether the logs ascend, lie within the blocks, and agree on which blocks these are.
fn check_order(logs: &[RawLog], from: BlockNumber, upto: BlockStamp) -> Result<(), String> {
    if upto.number < from {
        return Err("it ends before it begins".to_owned());
    }
    let mut previous: Option<&RawLog> = None;
    for log in logs {
        let place = log.place;
        let at = || format!("log {} of block {}", place.log, place.block);
        if place.block < from || place.block > upto.number {
            return Err(format!("{} is outside", at()));
        }
        if place.block == upto.number && log.block_hash != upto.hash {
            return Err(format!("{} is of another block of that height", at()));
        }
        if let Some(before) = previous {
            if before.place >= place {
                return Err(format!("{} is out of order", at()));
            }
            if before.place.block == place.block && before.block_hash != log.block_hash {
                return Err(format!("{} is of another block than the log before it", at()));
            }
        }
        previous = Some(log);
    }
    Ok(())
}

/// The first block between the two in which the ledger has other logs than these.
async fn first_difference(
    database: &mut AnyConnection,
    key: &str,
    (first, last): (BlockNumber, BlockNumber),
    logs: &[RawLog],
) -> Result<Option<BlockNumber>, StoreError> {
    let mut stored = sqlx::query_as::<_, LogRow>(
        "SELECT block, tx_index, log_index, block_hash, tx_hash, emitter, topics, payload \
         FROM ledger_logs WHERE poll = $1 AND block BETWEEN $2 AND $3 ORDER BY block, tx_index, log_index",
    )
    .bind(key)
    .bind(signed("block", first.0)?)
    .bind(signed("block", last.0)?)
    .fetch(database);
    let mut offered = logs.iter();
    loop {
        let row = stored
            .try_next()
            .await
            .map_err(StoreError::database("comparing with the ledger"))?;
        let stored = row.map(RawLog::try_from).transpose()?;
        match (stored, offered.next()) {
            (None, None) => return Ok(None),
            (Some(stored), Some(offered)) if stored == *offered => {}
            (stored, offered) => {
                let blocks = [stored.map(|log| log.place.block), offered.map(|log| log.place.block)];
                return Ok(blocks.into_iter().flatten().min());
            }
        }
    }
}

async fn insert(database: &mut AnyConnection, key: &str, log: &RawLog) -> Result<(), StoreError> {
    let row = LogRow::try_from(log)?;
    sqlx::query(
        "INSERT INTO ledger_logs \
         (poll, block, tx_index, log_index, block_hash, tx_hash, emitter, topics, payload) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(key)
    .bind(row.block)
    .bind(row.tx_index)
    .bind(row.log_index)
    .bind(row.block_hash)
    .bind(row.tx_hash)
    .bind(row.emitter)
    .bind(row.topics)
    .bind(row.payload)
    .execute(database)
    .await
    .map_err(StoreError::database("adding a log"))?;
    Ok(())
}

/// Whether that height is stamped as another block.
async fn other_stamp(database: &mut AnyConnection, key: &str, block: BlockStamp) -> Result<bool, StoreError> {
    let hash: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT block_hash FROM ledger_stamps WHERE poll = $1 AND block = $2")
            .bind(key)
            .bind(signed("block", block.number.0)?)
            .fetch_optional(database)
            .await
            .map_err(StoreError::database("reading the ledger's stamps"))?;
    Ok(hash.is_some_and(|hash| hash != block.hash))
}

/// Moves the cursor to a block and lets go of the oldest stamps.
async fn stamp(database: &mut AnyConnection, key: &str, block: BlockStamp) -> Result<(), StoreError> {
    let failed = || StoreError::database("stamping the ledger");
    sqlx::query("INSERT INTO ledger_stamps (poll, block, block_hash, mined_at) VALUES ($1, $2, $3, $4)")
        .bind(key)
        .bind(signed("block", block.number.0)?)
        .bind(&block.hash[..])
        .bind(signed("timestamp", block.timestamp)?)
        .execute(&mut *database)
        .await
        .map_err(failed())?;
    sqlx::query(
        "DELETE FROM ledger_stamps WHERE poll = $1 AND block < \
         (SELECT MIN(block) FROM (SELECT block FROM ledger_stamps WHERE poll = $1 ORDER BY block DESC LIMIT $2) newest)",
    )
    .bind(key)
    .bind(STAMPS)
    .execute(database)
    .await
    .map_err(failed())?;
    Ok(())
}
