use maci_protocol::time::Timestamp;
use sqlx::AnyConnection;

use super::super::column::signed;
use super::super::engine::Work;
use super::{Begun, IntentKey, IntentState, Intents, Paid, SignedBytes};
use crate::error::StoreError;

impl Intents {
    /// Stores a new live intent with its first attempt, unless its nonce or purpose is taken.
    ///
    /// # Errors
    /// When the database fails; then nothing may be broadcast.
    pub async fn begin(&self, key: &IntentKey, first: &SignedBytes, now: Timestamp) -> Result<Begun, StoreError> {
        let mut writing = self.writing(key).await?;
        if is_live(&mut writing, Column::Purpose, key).await? {
            return Ok(Begun::PurposeTaken);
        }
        if is_live(&mut writing, Column::Nonce, key).await? {
            return Ok(Begun::NonceTaken);
        }
        let generation: i64 = sqlx::query_scalar(
            "INSERT INTO intents (id, chain, purpose, generation, sender, nonce, state, created_at) \
             SELECT $5, $1, $2, COALESCE(MAX(generation), 0) + 1, $3, $4, 'live', $6 \
             FROM intents WHERE chain = $1 AND purpose = $2 RETURNING generation",
        )
        .bind(key.chain.to_string())
        .bind(&key.purpose)
        .bind(key.sender.to_lower_hex())
        .bind(signed("nonce", key.nonce)?)
        .bind(self.db.new_id(now).to_string())
        .bind(now.0)
        .fetch_one(&mut *writing)
        .await
        .map_err(StoreError::database("storing an intent"))?;
        add(&mut writing, key, generation, first).await?;
        commit(writing).await?;
        Ok(Begun::Stored)
    }

    /// Stores a further attempt of a live intent. Adding the same one twice changes nothing.
    ///
    /// # Errors
    /// When the intent is not live or unknown, or the database fails; then the attempt must not be
    /// broadcast.
    pub async fn add_attempt(&self, key: &IntentKey, attempt: &SignedBytes) -> Result<(), StoreError> {
        let mut writing = self.writing(key).await?;
        let (generation, state) = find(&mut writing, key).await?;
        if state != "live" {
            return Err(closed(key, "is settled and takes no further attempt"));
        }
        add(&mut writing, key, generation, attempt).await?;
        commit(writing).await
    }

    /// Stores how an intent stands now, and what it has cost if it was mined. One that was mined becomes live again
    /// when its block is replaced.
    ///
    /// # Errors
    /// When the intent is unknown, cannot be live because another one took its place, or the
    /// database fails.
    pub async fn settle(
        &self,
        key: &IntentKey,
        state: IntentState,
        paid: Option<Paid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writing = self.writing(key).await?;
        let (generation, _) = find(&mut writing, key).await?;
        let (word, mined) = state.columns();
        let done = sqlx::query(
            "UPDATE intents SET state = $4, mined = $5, settled_at = $6, block = $7, gas_used = $8, cost = $9 \
             WHERE chain = $1 AND purpose = $2 AND generation = $3",
        )
        .bind(key.chain.to_string())
        .bind(&key.purpose)
        .bind(generation)
        .bind(word)
        .bind(mined)
        .bind((state != IntentState::Live).then_some(now.0))
        .bind(paid.map(|paid| signed("block", paid.block.0)).transpose()?)
        .bind(paid.map(|paid| signed("gas", paid.gas_used)).transpose()?)
        .bind(paid.map(|paid| paid.wei.to_string()))
        .execute(&mut *writing)
        .await;
        match done {
            Ok(_) => commit(writing).await,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(closed(
                key,
                "cannot be live again: another transaction has its nonce or its purpose",
            )),
            Err(error) => Err(StoreError::database("settling an intent")(error)),
        }
    }

    /// Writers of one chain follow one another: they compare nonces.
    async fn writing(&self, key: &IntentKey) -> Result<Work, StoreError> {
        let turn = format!("intents/{}", key.chain);
        self.db.writing(&turn, "writing an intent").await
    }
}

async fn commit(writing: Work) -> Result<(), StoreError> {
    writing
        .commit()
        .await
        .map_err(StoreError::database("storing an intent"))
}

fn closed(key: &IntentKey, reason: &'static str) -> StoreError {
    StoreError::IntentClosed {
        chain: key.chain,
        nonce: key.nonce,
        purpose: key.purpose.clone(),
        reason,
    }
}

/// What at most one live intent may have.
enum Column {
    Purpose,
    Nonce,
}

async fn is_live(database: &mut AnyConnection, what: Column, key: &IntentKey) -> Result<bool, StoreError> {
    let query = match what {
        Column::Purpose => {
            sqlx::query_scalar("SELECT COUNT(*) FROM intents WHERE chain = $1 AND purpose = $2 AND state = 'live'")
                .bind(key.chain.to_string())
                .bind(&key.purpose)
        }
        Column::Nonce => sqlx::query_scalar(
            "SELECT COUNT(*) FROM intents WHERE chain = $1 AND sender = $2 AND nonce = $3 AND state = 'live'",
        )
        .bind(key.chain.to_string())
        .bind(key.sender.to_lower_hex())
        .bind(signed("nonce", key.nonce)?),
    };
    let count: i64 = query
        .fetch_one(database)
        .await
        .map_err(StoreError::database("looking for a live intent"))?;
    Ok(count > 0)
}

/// The generation and state of the newest intent with the key.
async fn find(database: &mut AnyConnection, key: &IntentKey) -> Result<(i64, String), StoreError> {
    sqlx::query_as(
        "SELECT generation, state FROM intents \
         WHERE chain = $1 AND purpose = $2 AND sender = $3 AND nonce = $4 ORDER BY generation DESC LIMIT 1",
    )
    .bind(key.chain.to_string())
    .bind(&key.purpose)
    .bind(key.sender.to_lower_hex())
    .bind(signed("nonce", key.nonce)?)
    .fetch_optional(database)
    .await
    .map_err(StoreError::database("looking for an intent"))?
    .ok_or_else(|| StoreError::UnknownIntent {
        chain: key.chain,
        sender: key.sender,
        nonce: key.nonce,
        purpose: key.purpose.clone(),
    })
}

async fn add(
    database: &mut AnyConnection,
    key: &IntentKey,
    generation: i64,
    attempt: &SignedBytes,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO intent_attempts (chain, purpose, generation, attempt, tx_hash, signed, cancels) \
         SELECT $1, $2, $3, COUNT(*), $4, $5, $6 FROM intent_attempts \
         WHERE chain = $1 AND purpose = $2 AND generation = $3 HAVING COUNT(CASE WHEN tx_hash = $4 THEN 1 END) = 0",
    )
    .bind(key.chain.to_string())
    .bind(&key.purpose)
    .bind(generation)
    .bind(&attempt.hash.0[..])
    .bind(&attempt.raw)
    .bind(i64::from(attempt.cancels))
    .execute(database)
    .await
    .map_err(StoreError::database("storing a signed transaction"))?;
    Ok(())
}
