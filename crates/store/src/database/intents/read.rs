use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use sqlx::AnyConnection;

use super::super::column::{exactly, parsed, signed, unsigned};
use super::{Intent, IntentKey, IntentRow, IntentState, Intents, Paid, SignedBytes};
use crate::error::StoreError;

/// A row as it is read.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: String,
    chain: String,
    purpose: String,
    generation: i64,
    sender: String,
    nonce: i64,
    state: String,
    mined: Option<Vec<u8>>,
    created_at: i64,
    settled_at: Option<i64>,
    block: Option<i64>,
    gas_used: Option<i64>,
    cost: Option<String>,
}

/// A query for rows.
macro_rules! intents {
    ($tail:literal) => {
        concat!(
            "SELECT id, chain, purpose, generation, sender, nonce, state, mined, created_at, settled_at, block, \
             gas_used, cost FROM intents ",
            $tail
        )
    };
}
pub(super) use intents;

impl Intents {
    /// The newest intent with this purpose, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, chain: ChainId, purpose: &str) -> Result<Option<Intent>, StoreError> {
        let doing = "looking for an intent";
        let mut reading = self.db.reading(doing).await?;
        let query = intents!("WHERE chain = $1 AND purpose = $2 ORDER BY generation DESC LIMIT 1");
        let row: Option<Row> = sqlx::query_as(query)
            .bind(chain.to_string())
            .bind(purpose)
            .fetch_optional(&mut *reading)
            .await
            .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => Ok(Some(whole(&mut reading, row).await?.intent)),
            None => Ok(None),
        }
    }

    /// The sender's live intents, ascending by nonce.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live(&self, chain: ChainId, sender: EthAddress) -> Result<Vec<Intent>, StoreError> {
        let query = intents!("WHERE chain = $1 AND sender = $2 AND state = 'live' AND nonce >= $3 ORDER BY nonce");
        self.of_sender(query, chain, sender, 0).await
    }

    /// The sender's intents from a nonce on, whatever became of them, the newest of each nonce; ascending by nonce.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn since(&self, chain: ChainId, sender: EthAddress, nonce: u64) -> Result<Vec<Intent>, StoreError> {
        let query = intents!("WHERE chain = $1 AND sender = $2 AND nonce >= $3 ORDER BY nonce, id");
        let mut newest: Vec<Intent> = Vec::new();
        for intent in self.of_sender(query, chain, sender, nonce).await? {
            if newest.last().is_some_and(|last| last.key.nonce == intent.key.nonce) {
                newest.pop();
            }
            newest.push(intent);
        }
        Ok(newest)
    }

    async fn of_sender(
        &self,
        query: &'static str,
        chain: ChainId,
        sender: EthAddress,
        nonce: u64,
    ) -> Result<Vec<Intent>, StoreError> {
        let doing = "looking for a sender's intents";
        let mut reading = self.db.reading(doing).await?;
        let rows: Vec<Row> = sqlx::query_as(query)
            .bind(chain.to_string())
            .bind(sender.to_lower_hex())
            .bind(signed("nonce", nonce)?)
            .fetch_all(&mut *reading)
            .await
            .map_err(StoreError::database(doing))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(whole(&mut reading, row).await?.intent);
        }
        Ok(found)
    }
}

/// The intent of a row, with its attempts.
pub(super) async fn whole(database: &mut AnyConnection, row: Row) -> Result<IntentRow, StoreError> {
    let attempts: Vec<(Vec<u8>, Vec<u8>, i64)> = sqlx::query_as(
        "SELECT tx_hash, signed, cancels FROM intent_attempts \
         WHERE chain = $1 AND purpose = $2 AND generation = $3 ORDER BY attempt",
    )
    .bind(&row.chain)
    .bind(&row.purpose)
    .bind(row.generation)
    .fetch_all(database)
    .await
    .map_err(StoreError::database("reading an intent's attempts"))?;
    let attempts = attempts
        .into_iter()
        .map(|(hash, raw, cancels)| {
            let hash = TxHash(exactly("an attempt's hash", &hash)?);
            let cancels = cancels != 0;
            Ok(SignedBytes { hash, raw, cancels })
        })
        .collect::<Result<_, StoreError>>()?;
    let paid = match (row.block, row.gas_used, &row.cost) {
        (Some(block), Some(gas), Some(cost)) => Some(Paid {
            block: BlockNumber(unsigned("an intent's block", block)?),
            gas_used: unsigned("an intent's gas", gas)?,
            wei: parsed("an intent's cost", cost)?,
        }),
        _ => None,
    };
    Ok(IntentRow {
        id: parsed("an intent's id", &row.id)?,
        created_at: Timestamp(row.created_at),
        settled_at: row.settled_at.map(Timestamp),
        paid,
        intent: Intent {
            state: IntentState::from_columns(&row.state, row.mined.as_deref())?,
            attempts,
            key: IntentKey {
                chain: parsed("an intent's chain", &row.chain)?,
                sender: parsed("an intent's sender", &row.sender)?,
                nonce: unsigned("an intent's nonce", row.nonce)?,
                purpose: row.purpose,
            },
        },
    })
}
