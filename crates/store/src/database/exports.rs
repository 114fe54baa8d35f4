//! Calls that were handed out, for somebody's own wallet to send.

use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::column::{exactly, parsed, stored_words, word};
use super::{Db, Page};
use crate::error::StoreError;

stored_words! {
    /// Where an exported call stands.
    ExportState {
        /// Nobody has sent it.
        Waiting = "waiting",
        /// Somebody says they sent it.
        Sent = "sent",
        /// It is mined, and is what was asked for.
        Mined = "mined",
        /// What was sent is something else.
        Refused = "refused",
        /// It is not wanted any more.
        Withdrawn = "withdrawn",
    }
}

/// A call to hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExport {
    /// The chain.
    pub chain: ChainId,
    /// What it is for; of these words one is open at a time.
    pub purpose: String,
    /// The sender's name.
    pub sender: String,
    /// The wallet that is to send it.
    pub account: EthAddress,
    /// The contract called; none makes a new one.
    pub receiver: Option<EthAddress>,
    /// Selector and arguments, or code.
    pub payload: Vec<u8>,
}

/// A call that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Its id.
    pub id: Uuid,
    /// The call.
    pub export: NewExport,
    /// Where it stands.
    pub state: ExportState,
    /// The transaction that is said to be it.
    pub transaction: Option<TxHash>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was handed out.
    pub created_at: Timestamp,
    /// When its state changed last.
    pub changed_at: Timestamp,
}

/// Exported calls.
#[derive(Debug, Clone)]
pub struct Exports {
    db: Db,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    chain: String,
    purpose: String,
    sender: String,
    account: String,
    receiver: Option<String>,
    payload: Vec<u8>,
    state: String,
    tx_hash: Option<Vec<u8>>,
    reason: Option<String>,
    created_at: i64,
    changed_at: i64,
}

macro_rules! exports {
    ($tail:literal) => {
        concat!(
            "SELECT id, chain, purpose, sender, account, receiver, payload, state, tx_hash, reason, created_at, \
             changed_at FROM exports ",
            $tail
        )
    };
}

impl Exports {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Hands a call out, unless one of the same purpose is open; answers the open one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(&self, new: &NewExport, now: Timestamp) -> Result<ExportRow, StoreError> {
        let doing = "exporting a call";
        sqlx::query(
            "INSERT INTO exports (id, chain, purpose, sender, account, receiver, payload, state, created_at, \
             changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $8) \
             ON CONFLICT (chain, purpose) WHERE state IN ('waiting', 'sent') DO NOTHING",
        )
        .bind(self.db.new_id(now).to_string())
        .bind(new.chain.to_string())
        .bind(word("a purpose", &new.purpose)?.to_owned())
        .bind(word("a sender's name", &new.sender)?.to_owned())
        .bind(new.account.to_lower_hex())
        .bind(new.receiver.map(|receiver| receiver.to_lower_hex()))
        .bind(new.payload.clone())
        .bind(now.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database(doing))?;
        let newest = self.newest(new.chain, &new.purpose).await?;
        newest.ok_or_else(|| StoreError::DamagedRow {
            what: "an exported call vanished".to_owned(),
        })
    }

    /// The newest call with this purpose, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, chain: ChainId, purpose: &str) -> Result<Option<ExportRow>, StoreError> {
        let row: Option<Row> = sqlx::query_as(exports!("WHERE chain = $1 AND purpose = $2 ORDER BY id DESC LIMIT 1"))
            .bind(chain.to_string())
            .bind(purpose.to_owned())
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for an exported call"))?;
        row.map(ExportRow::try_from).transpose()
    }

    /// The call of an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<ExportRow>, StoreError> {
        let row: Option<Row> = sqlx::query_as(exports!("WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for an exported call"))?;
        row.map(ExportRow::try_from).transpose()
    }

    /// Calls in a state, or all, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, state: Option<ExportState>, page: Page<Uuid>) -> Result<Vec<ExportRow>, StoreError> {
        let query = exports!("WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3");
        let rows: Vec<Row> = sqlx::query_as(query)
            .bind(state.map(ExportState::word))
            .bind(page.after.map(|id| id.to_string()))
            .bind(page.rows())
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database("listing exported calls"))?;
        rows.into_iter().map(ExportRow::try_from).collect()
    }

    /// Changes where a call stands, if it stands at `from`. False if it does not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change(
        &self,
        id: Uuid,
        from: ExportState,
        to: (ExportState, Option<TxHash>, Option<String>),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (state, transaction, reason) = to;
        let done = sqlx::query(
            "UPDATE exports SET state = $3, tx_hash = $4, reason = $5, changed_at = $6 WHERE id = $1 AND state = $2",
        )
        .bind(id.to_string())
        .bind(from.word())
        .bind(state.word())
        .bind(transaction.map(|hash| hash.0.to_vec()))
        .bind(reason)
        .bind(now.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("changing an exported call"))?;
        Ok(done.rows_affected() > 0)
    }
}

impl TryFrom<Row> for ExportRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let receiver = row.receiver.as_deref();
        let transaction = row.tx_hash.as_deref();
        Ok(Self {
            id: parsed("an exported call's id", &row.id)?,
            export: NewExport {
                chain: parsed("an exported call's chain", &row.chain)?,
                purpose: row.purpose,
                sender: row.sender,
                account: parsed("an exported call's account", &row.account)?,
                receiver: receiver
                    .map(|text| parsed("an exported call's receiver", text))
                    .transpose()?,
                payload: row.payload,
            },
            state: ExportState::from_word(&row.state)?,
            transaction: transaction
                .map(|hash| exactly("an exported call's transaction", hash).map(TxHash))
                .transpose()?,
            reason: row.reason,
            created_at: Timestamp(row.created_at),
            changed_at: Timestamp(row.changed_at),
        })
    }
}
