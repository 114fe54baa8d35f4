use maci_protocol::ids::{BlockNumber, PollRef};

use super::super::column::{poll_key, signed};
use super::read::state_in;
use super::{Ledger, LedgerState, turn};
use crate::error::StoreError;

impl Ledger {
    /// Begins a poll's ledger at a block, or goes on with the one there is.
    ///
    /// A ledger that began later than asked for lacks history: it is begun anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow(&self, poll: &PollRef, start: BlockNumber) -> Result<LedgerState, StoreError> {
        let failed = StoreError::database;
        let (key, first) = (poll_key(poll), signed("start block", start.0)?);
        let mut writing = self.db.writing(&turn(&key), "beginning the ledger").await?;
        // what hangs on a ledger goes with it
        sqlx::query("DELETE FROM ledgers WHERE poll = $1 AND start_block > $2")
            .bind(&key)
            .bind(first)
            .execute(&mut *writing)
            .await
            .map_err(failed("beginning the ledger anew"))?;
        sqlx::query("INSERT INTO ledgers (poll, start_block) VALUES ($1, $2) ON CONFLICT (poll) DO NOTHING")
            .bind(&key)
            .bind(first)
            .execute(&mut *writing)
            .await
            .map_err(failed("beginning the ledger"))?;
        let state = state_in(&mut *writing, &key).await?;
        writing.commit().await.map_err(failed("beginning the ledger"))?;
        state.ok_or(StoreError::NotFollowed { poll: *poll })
    }

    /// Forgets everything above `keep`, or everything if there is nothing to keep, and answers
    /// where the ledger stands now: at the highest stamp that is left.
    ///
    /// # Errors
    /// When the ledger was not begun or the database fails.
    pub async fn unwind(&self, poll: &PollRef, keep: Option<BlockNumber>) -> Result<LedgerState, StoreError> {
        let failed = || StoreError::database("unwinding the ledger");
        let key = poll_key(poll);
        let mut writing = self.db.writing(&turn(&key), "unwinding the ledger").await?;
        let kept = keep.map_or(Ok(-1), |block| signed("block", block.0))?;
        sqlx::query("DELETE FROM ledger_stamps WHERE poll = $1 AND block > $2")
            .bind(&key)
            .bind(kept)
            .execute(&mut *writing)
            .await
            .map_err(failed())?;
        let state = state_in(&mut *writing, &key)
            .await?
            .ok_or(StoreError::NotFollowed { poll: *poll })?;
        // between two stamps nobody vouches for a log
        let vouched = state.cursor.map_or(Ok(-1), |cursor| signed("block", cursor.number.0))?;
        sqlx::query("DELETE FROM ledger_logs WHERE poll = $1 AND block > $2")
            .bind(&key)
            .bind(vouched)
            .execute(&mut *writing)
            .await
            .map_err(failed())?;
        writing.commit().await.map_err(failed())?;
        Ok(state)
    }
}
