use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use sqlx::AnyConnection;

use super::super::column::{exactly, unsigned};
use super::{Intent, IntentKey, IntentState, Intents, SignedBytes};
use crate::error::StoreError;

#[derive(sqlx::FromRow)]
struct IntentRow {
    purpose: String,
    generation: i64,
    sender: String,
    nonce: i64,
    state: String,
    mined: Option<Vec<u8>>,
}

impl Intents {
    /// The newest intent with this purpose, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, chain: ChainId, purpose: &str) -> Result<Option<Intent>, StoreError> {
        let doing = "looking for an intent";
        let mut reading = self.db.reading(doing).await?;
        let row: Option<IntentRow> = sqlx::query_as(
            "SELECT purpose, generation, sender, nonce, state, mined FROM intents \
             WHERE chain = $1 AND purpose = $2 ORDER BY generation DESC LIMIT 1",
        )
        .bind(chain.to_string())
        .bind(purpose)
        .fetch_optional(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => whole(&mut reading, chain, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The sender's live intents, ascending by nonce.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live(&self, chain: ChainId, sender: EthAddress) -> Result<Vec<Intent>, StoreError> {
        let doing = "looking for live intents";
        let mut reading = self.db.reading(doing).await?;
        let rows: Vec<IntentRow> = sqlx::query_as(
            "SELECT purpose, generation, sender, nonce, state, mined FROM intents \
             WHERE chain = $1 AND sender = $2 AND state = 'live' ORDER BY nonce",
        )
        .bind(chain.to_string())
        .bind(sender.to_lower_hex())
        .fetch_all(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        let mut live = Vec::with_capacity(rows.len());
        for row in rows {
            live.push(whole(&mut reading, chain, row).await?);
        }
        Ok(live)
    }
}

/// The intent of a row, with its attempts.
async fn whole(database: &mut AnyConnection, chain: ChainId, row: IntentRow) -> Result<Intent, StoreError> {
    let attempts: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT tx_hash, signed FROM intent_attempts \
         WHERE chain = $1 AND purpose = $2 AND generation = $3 ORDER BY attempt",
    )
    .bind(chain.to_string())
    .bind(&row.purpose)
    .bind(row.generation)
    .fetch_all(database)
    .await
    .map_err(StoreError::database("reading an intent's attempts"))?;
    let attempts = attempts
        .into_iter()
        .map(|(hash, raw)| {
            let hash = TxHash(exactly("an attempt's hash", &hash)?);
            Ok(SignedBytes { hash, raw })
        })
        .collect::<Result<_, StoreError>>()?;
    let sender = row.sender.parse().map_err(|error| StoreError::DamagedRow {
        what: format!("the sender of an intent for `{}`: {error}", row.purpose),
    })?;
    Ok(Intent {
        state: IntentState::from_columns(&row.state, row.mined.as_deref())?,
        attempts,
        key: IntentKey {
            chain,
            sender,
            nonce: unsigned("an intent's nonce", row.nonce)?,
            purpose: row.purpose,
        },
    })
}
