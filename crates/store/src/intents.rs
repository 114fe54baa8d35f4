use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use crate::columns::{number, read_address, read_bytes, read_hash, read_number, read_text};
use crate::{Store, StoreError};

/// A transaction as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its hash.
    pub hash: TxHash,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// How an intent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentState {
    /// It may still be mined.
    Live,
    /// This attempt was mined and succeeded.
    Mined(TxHash),
    /// This attempt was mined and refused.
    Reverted(TxHash),
    /// Another transaction took its nonce.
    Superseded,
}

/// A stored intent: one purpose, one nonce, whatever was signed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIntent {
    /// The chain.
    pub chain: ChainId,
    /// What it is for.
    pub purpose: String,
    /// Who signed.
    pub sender: EthAddress,
    /// The nonce of all attempts.
    pub nonce: u64,
    /// How it stands.
    pub state: IntentState,
    /// What was signed, the oldest first.
    pub attempts: Vec<Attempt>,
}

/// A live intent to be stored.
#[derive(Debug, Clone, Copy)]
pub struct BeginIntent<'a> {
    /// The chain.
    pub chain: ChainId,
    /// What it is for.
    pub purpose: &'a str,
    /// Who signed.
    pub sender: EthAddress,
    /// The nonce.
    pub nonce: u64,
    /// What was signed.
    pub first: &'a Attempt,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is stored.
    Stored,
    /// A live intent of the sender has the nonce.
    NonceTaken,
    /// A live intent has the purpose.
    PurposeTaken,
}

impl Store {
    /// Stores a new live intent with its first attempt, unless nonce or purpose is taken.
    pub async fn intent_begin(&self, new: BeginIntent<'_>) -> Result<Begun, StoreError> {
        let doing = StoreError::doing("storing an intent");
        let mut writing = self.begin_writing("storing an intent").await?;
        let chain = number("chain", new.chain.0)?;
        let nonce = number("nonce", new.nonce)?;
        let sender = new.sender.to_string();
        let taken = sqlx::query(
            "SELECT purpose FROM intents WHERE chain = $1 AND state = 'live'
             AND (purpose = $2 OR (sender = $3 AND nonce = $4)) ORDER BY purpose = $2 DESC LIMIT 1",
        )
        .bind(chain)
        .bind(new.purpose)
        .bind(&sender)
        .bind(nonce)
        .fetch_optional(&mut *writing)
        .await
        .map_err(&doing)?;
        if let Some(row) = taken {
            let same = read_text(&row, "purpose")? == new.purpose;
            return Ok(if same { Begun::PurposeTaken } else { Begun::NonceTaken });
        }
        let round = newest_round(&mut writing, chain, new.purpose)
            .await?
            .map_or(0, |round| round + 1);
        sqlx::query(
            "INSERT INTO intents (chain, purpose, round, sender, nonce, state) VALUES ($1, $2, $3, $4, $5, 'live')",
        )
        .bind(chain)
        .bind(new.purpose)
        .bind(round)
        .bind(&sender)
        .bind(nonce)
        .execute(&mut *writing)
        .await
        .map_err(&doing)?;
        insert_attempt(&mut writing, chain, new.purpose, round, 0, new.first).await?;
        writing.commit().await.map_err(doing)?;
        Ok(Begun::Stored)
    }

    /// Stores a further attempt of the newest intent with this purpose, which has to be live.
    pub async fn intent_add_attempt(
        &self,
        chain: ChainId,
        purpose: &str,
        nonce: u64,
        attempt: &Attempt,
    ) -> Result<(), StoreError> {
        let doing = StoreError::doing("storing an attempt");
        let mut writing = self.begin_writing("storing an attempt").await?;
        let chain = number("chain", chain.0)?;
        let live = sqlx::query(
            "SELECT round, (SELECT COUNT(*) FROM attempts a
                            WHERE a.chain = i.chain AND a.purpose = i.purpose AND a.round = i.round) AS attempts
             FROM intents i WHERE chain = $1 AND purpose = $2 AND nonce = $3 AND state = 'live'",
        )
        .bind(chain)
        .bind(purpose)
        .bind(number("nonce", nonce)?)
        .fetch_optional(&mut *writing)
        .await
        .map_err(&doing)?
        .ok_or_else(|| StoreError::NoIntent {
            purpose: purpose.to_owned(),
            nonce,
        })?;
        let round = number("round", read_number(&live, "round")?)?;
        let next = number("attempt", read_number(&live, "attempts")?)?;
        insert_attempt(&mut writing, chain, purpose, round, next, attempt).await?;
        writing.commit().await.map_err(doing)
    }

    /// Stores how the newest intent with this purpose stands now.
    pub async fn intent_set_state(
        &self,
        chain: ChainId,
        purpose: &str,
        nonce: u64,
        state: IntentState,
    ) -> Result<(), StoreError> {
        let doing = StoreError::doing("settling an intent");
        let (word, mined) = state_columns(state);
        let mut writing = self.begin_writing("settling an intent").await?;
        let chain = number("chain", chain.0)?;
        let round = newest_round(&mut writing, chain, purpose).await?;
        let changed = sqlx::query(
            "UPDATE intents SET state = $1, mined = $2 WHERE chain = $3 AND purpose = $4 AND round = $5 AND nonce = $6",
        )
        .bind(word)
        .bind(mined)
        .bind(chain)
        .bind(purpose)
        .bind(round)
        .bind(number("nonce", nonce)?)
        .execute(&mut *writing)
        .await
        .map_err(&doing)?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::NoIntent {
                purpose: purpose.to_owned(),
                nonce,
            });
        }
        writing.commit().await.map_err(doing)
    }

    /// The newest intent with this purpose, whatever its state.
    pub async fn intent_newest(&self, chain: ChainId, purpose: &str) -> Result<Option<StoredIntent>, StoreError> {
        let row = sqlx::query(
            "SELECT chain, purpose, round, sender, nonce, state, mined FROM intents
             WHERE chain = $1 AND purpose = $2 ORDER BY round DESC LIMIT 1",
        )
        .bind(number("chain", chain.0)?)
        .bind(purpose)
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::doing("looking for an intent"))?;
        match row {
            Some(row) => self.intent_with_attempts(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The sender's live intents, ascending by nonce.
    pub async fn intents_live(&self, chain: ChainId, sender: EthAddress) -> Result<Vec<StoredIntent>, StoreError> {
        let rows = sqlx::query(
            "SELECT chain, purpose, round, sender, nonce, state, mined FROM intents
             WHERE chain = $1 AND sender = $2 AND state = 'live' ORDER BY nonce",
        )
        .bind(number("chain", chain.0)?)
        .bind(sender.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::doing("looking for live intents"))?;
        let mut intents = Vec::with_capacity(rows.len());
        for row in &rows {
            intents.push(self.intent_with_attempts(row).await?);
        }
        Ok(intents)
    }

    async fn intent_with_attempts(&self, row: &SqliteRow) -> Result<StoredIntent, StoreError> {
        let chain = read_number(row, "chain")?;
        let purpose = read_text(row, "purpose")?;
        let rows = sqlx::query(
            "SELECT hash, raw FROM attempts WHERE chain = $1 AND purpose = $2 AND round = $3 ORDER BY number",
        )
        .bind(number("chain", chain)?)
        .bind(&purpose)
        .bind(number("round", read_number(row, "round")?)?)
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::doing("reading an intent's attempts"))?;
        let attempts = rows.iter().map(|row| {
            Ok(Attempt {
                hash: TxHash(read_hash(row, "hash")?),
                raw: read_bytes(row, "raw")?,
            })
        });
        Ok(StoredIntent {
            chain: ChainId(chain),
            purpose,
            sender: read_address(row, "sender")?,
            nonce: read_number(row, "nonce")?,
            state: read_state(row)?,
            attempts: attempts.collect::<Result<_, StoreError>>()?,
        })
    }
}

async fn newest_round(
    transaction: &mut Transaction<'_, Sqlite>,
    chain: i64,
    purpose: &str,
) -> Result<Option<i64>, StoreError> {
    let row = sqlx::query("SELECT MAX(round) AS round FROM intents WHERE chain = $1 AND purpose = $2")
        .bind(chain)
        .bind(purpose)
        .fetch_one(&mut **transaction)
        .await
        .map_err(StoreError::doing("looking for an intent"))?;
    row.try_get("round").map_err(|_| StoreError::Damaged { what: "round" })
}

async fn insert_attempt(
    transaction: &mut Transaction<'_, Sqlite>,
    chain: i64,
    purpose: &str,
    round: i64,
    attempt_number: i64,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO attempts (chain, purpose, round, number, hash, raw) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(chain)
        .bind(purpose)
        .bind(round)
        .bind(attempt_number)
        .bind(attempt.hash.0.to_vec())
        .bind(&attempt.raw)
        .execute(&mut **transaction)
        .await
        .map_err(StoreError::doing("storing an attempt"))?;
    Ok(())
}

fn state_columns(state: IntentState) -> (&'static str, Option<Vec<u8>>) {
    match state {
        IntentState::Live => ("live", None),
        IntentState::Mined(hash) => ("mined", Some(hash.0.to_vec())),
        IntentState::Reverted(hash) => ("reverted", Some(hash.0.to_vec())),
        IntentState::Superseded => ("superseded", None),
    }
}

fn read_state(row: &SqliteRow) -> Result<IntentState, StoreError> {
    Ok(match read_text(row, "state")?.as_str() {
        "live" => IntentState::Live,
        "mined" => IntentState::Mined(TxHash(read_hash(row, "mined")?)),
        "reverted" => IntentState::Reverted(TxHash(read_hash(row, "mined")?)),
        "superseded" => IntentState::Superseded,
        _ => return Err(StoreError::Damaged { what: "state" }),
    })
}
