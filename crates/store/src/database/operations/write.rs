use maci_protocol::ids::ChainId;
use maci_protocol::time::Timestamp;
use sqlx::AnyConnection;

use super::super::column::signed;
use super::super::engine::Work;
use super::{Executed, NewOperation, OperationBegun, OperationKey, OperationState, Operations};
use crate::error::StoreError;

const STORING: &str = "storing an operation";

impl Operations {
    /// Stores a new live operation with its first attempt, unless its nonce or one of its purposes is taken.
    ///
    /// # Errors
    /// When the database fails; then nothing may be sent.
    pub async fn begin(&self, new: &NewOperation, now: Timestamp) -> Result<OperationBegun, StoreError> {
        let mut writing = self.writing(new.chain).await?;
        for purpose in &new.purposes {
            if purpose_is_live(&mut writing, new.chain, purpose).await? {
                return Ok(OperationBegun::PurposeTaken(purpose.clone()));
            }
        }
        let same_nonce: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM operations WHERE chain = $1 AND account = $2 AND nonce = $3 AND state = 'live'",
        )
        .bind(new.chain.to_string())
        .bind(new.account.to_lower_hex())
        .bind(&new.nonce)
        .fetch_one(&mut *writing)
        .await
        .map_err(StoreError::database(STORING))?;
        if same_nonce > 0 {
            return Ok(OperationBegun::NonceTaken);
        }
        sqlx::query(
            "INSERT INTO operations (id, chain, account, nonce, since_block, state, listed_as, created_at) \
             VALUES ($1, $2, $3, $4, $5, 'live', $6, $7)",
        )
        .bind(&new.key.0)
        .bind(new.chain.to_string())
        .bind(new.account.to_lower_hex())
        .bind(&new.nonce)
        .bind(signed("block", new.since.0)?)
        .bind(self.db.new_id(now).to_string())
        .bind(now.0)
        .execute(&mut *writing)
        .await
        .map_err(StoreError::database(STORING))?;
        for (place, purpose) in (0_i64..).zip(&new.purposes) {
            sqlx::query(
                "INSERT INTO operation_purposes (chain, purpose, generation, operation, place) \
                 SELECT $1, $2, COALESCE(MAX(generation), 0) + 1, $3, $4 \
                 FROM operation_purposes WHERE chain = $1 AND purpose = $2",
            )
            .bind(new.chain.to_string())
            .bind(purpose)
            .bind(&new.key.0)
            .bind(place)
            .execute(&mut *writing)
            .await
            .map_err(StoreError::database(STORING))?;
        }
        add(&mut writing, &new.key, &new.document).await?;
        commit(writing).await?;
        Ok(OperationBegun::Stored)
    }

    /// Stores a further attempt of a live operation. Adding the same one twice changes nothing.
    ///
    /// # Errors
    /// When the operation is not live, or the database fails; then the attempt must not be sent.
    pub async fn add_attempt(&self, chain: ChainId, key: &OperationKey, document: &str) -> Result<(), StoreError> {
        let mut writing = self.writing(chain).await?;
        let live: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM operations WHERE id = $1 AND state = 'live'")
            .bind(&key.0)
            .fetch_one(&mut *writing)
            .await
            .map_err(StoreError::database(STORING))?;
        if live == 0 {
            return Err(StoreError::OperationClosed {
                operation: key.0.clone(),
            });
        }
        add(&mut writing, key, document).await?;
        commit(writing).await
    }

    /// Stores how an operation stands now, and what was executed of it. One that was mined becomes live again when its
    /// block is replaced.
    ///
    /// # Errors
    /// When it is unknown, cannot be live because another one took its nonce, or the database fails.
    pub async fn settle(
        &self,
        chain: ChainId,
        key: &OperationKey,
        state: OperationState,
        executed: Option<&Executed>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writing = self.writing(chain).await?;
        let (word, mined) = state.columns();
        let paid = executed.map(|executed| executed.paid);
        let done = sqlx::query(
            "UPDATE operations SET state = $2, mined = $3, settled_at = $4, executed = $5, block = $6, gas_used = $7, \
             cost = $8 WHERE id = $1",
        )
        .bind(&key.0)
        .bind(word)
        .bind(mined)
        .bind((state != OperationState::Live).then_some(now.0))
        .bind(executed.map(|executed| executed.operation.as_str()))
        .bind(paid.map(|paid| signed("block", paid.block.0)).transpose()?)
        .bind(paid.map(|paid| signed("gas", paid.gas_used)).transpose()?)
        .bind(paid.map(|paid| paid.wei.to_string()))
        .execute(&mut *writing)
        .await;
        let closed = || StoreError::OperationClosed {
            operation: key.0.clone(),
        };
        match done {
            Ok(done) if done.rows_affected() == 0 => Err(closed()),
            Ok(_) => commit(writing).await,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(closed()),
            Err(error) => Err(StoreError::database("settling an operation")(error)),
        }
    }

    /// Writers of one chain follow one another: they compare nonces.
    async fn writing(&self, chain: ChainId) -> Result<Work, StoreError> {
        self.db
            .writing(&format!("operations/{chain}"), "writing an operation")
            .await
    }
}

async fn commit(writing: Work) -> Result<(), StoreError> {
    writing.commit().await.map_err(StoreError::database(STORING))
}

async fn purpose_is_live(database: &mut AnyConnection, chain: ChainId, purpose: &str) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM operation_purposes p JOIN operations o ON o.id = p.operation \
         WHERE p.chain = $1 AND p.purpose = $2 AND o.state = 'live'",
    )
    .bind(chain.to_string())
    .bind(purpose)
    .fetch_one(database)
    .await
    .map_err(StoreError::database("looking for a live operation"))?;
    Ok(count > 0)
}

async fn add(database: &mut AnyConnection, key: &OperationKey, document: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO operation_attempts (operation, attempt, document) \
         SELECT $1, COUNT(*), $2 FROM operation_attempts WHERE operation = $1 \
         HAVING COUNT(CASE WHEN document = $2 THEN 1 END) = 0",
    )
    .bind(&key.0)
    .bind(document)
    .execute(database)
    .await
    .map_err(StoreError::database(STORING))?;
    Ok(())
}
