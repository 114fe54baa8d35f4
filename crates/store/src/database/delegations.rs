//! Session keys by their addresses, and what owners of accounts allowed them.

use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;

use super::Db;
use super::column::{parsed, word};
use crate::error::StoreError;

/// A session key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionKeyRow {
    /// Its address.
    pub address: EthAddress,
    /// When it was made.
    pub made: Timestamp,
    /// Who asked for it.
    pub by: String,
    /// From then on it signs nothing.
    pub expires: Timestamp,
}

/// What an owner allowed a session key on a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The session key.
    pub session: EthAddress,
    /// The chain.
    pub chain: ChainId,
    /// The approval as it was given.
    pub approval: String,
    /// Since when it is kept.
    pub kept: Timestamp,
    /// Who gave it.
    pub by: String,
    /// When and how its owner was found to have taken it back on the chain.
    pub revoked: Option<(Timestamp, String)>,
}

#[derive(sqlx::FromRow)]
struct KeyColumns {
    address: String,
    made_at: i64,
    made_by: String,
    expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct ApprovalColumns {
    session_key: String,
    chain: String,
    approval: String,
    kept_at: i64,
    kept_by: String,
    revoked_at: Option<i64>,
    revoked: Option<String>,
}

impl TryFrom<KeyColumns> for SessionKeyRow {
    type Error = StoreError;

    fn try_from(row: KeyColumns) -> Result<Self, StoreError> {
        Ok(Self {
            address: parsed("a session key's address", &row.address)?,
            made: Timestamp(row.made_at),
            by: row.made_by,
            expires: Timestamp(row.expires_at),
        })
    }
}

impl TryFrom<ApprovalColumns> for ApprovalRow {
    type Error = StoreError;

    fn try_from(row: ApprovalColumns) -> Result<Self, StoreError> {
        Ok(Self {
            session: parsed("an approval's session key", &row.session_key)?,
            chain: parsed("an approval's chain", &row.chain)?,
            approval: row.approval,
            kept: Timestamp(row.kept_at),
            by: row.kept_by,
            revoked: row.revoked_at.map(Timestamp).zip(row.revoked),
        })
    }
}

/// Session keys and approvals.
#[derive(Debug, Clone)]
pub struct Delegations {
    db: Db,
}

impl Delegations {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Remembers a session key.
    ///
    /// # Errors
    /// When the database fails, or knows the address.
    pub async fn add_key(&self, key: &SessionKeyRow) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO session_keys (address, made_at, made_by, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(key.address.to_lower_hex())
            .bind(key.made.0)
            .bind(word("who made a session key", &key.by)?)
            .bind(key.expires.0)
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("storing a session key"))?;
        Ok(())
    }

    /// A session key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self, address: EthAddress) -> Result<Option<SessionKeyRow>, StoreError> {
        let row: Option<KeyColumns> =
            sqlx::query_as("SELECT address, made_at, made_by, expires_at FROM session_keys WHERE address = $1")
                .bind(address.to_lower_hex())
                .fetch_optional(self.db.pool())
                .await
                .map_err(StoreError::database("reading a session key"))?;
        row.map(SessionKeyRow::try_from).transpose()
    }

    /// All session keys, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys(&self) -> Result<Vec<SessionKeyRow>, StoreError> {
        let rows: Vec<KeyColumns> =
            sqlx::query_as("SELECT address, made_at, made_by, expires_at FROM session_keys ORDER BY made_at, address")
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database("listing session keys"))?;
        rows.into_iter().map(SessionKeyRow::try_from).collect()
    }

    /// Forgets a session key and its approvals. False if there is none of that address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_key(&self, address: EthAddress) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM session_keys WHERE address = $1")
            .bind(address.to_lower_hex())
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("forgetting a session key"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Keeps an approval in the place of an earlier one for the same key and chain.
    ///
    /// # Errors
    /// When the database fails, or knows no such session key.
    pub async fn keep(&self, approval: &ApprovalRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO approvals (session_key, chain, approval, kept_at, kept_by) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (session_key, chain) DO UPDATE SET approval = $3, kept_at = $4, kept_by = $5, \
             revoked_at = NULL, revoked = NULL",
        )
        .bind(approval.session.to_lower_hex())
        .bind(approval.chain.to_string())
        .bind(&approval.approval)
        .bind(approval.kept.0)
        .bind(word("who gave an approval", &approval.by)?)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("storing an approval"))?;
        Ok(())
    }

    /// The approval for a session key on a chain.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approval(&self, session: EthAddress, chain: ChainId) -> Result<Option<ApprovalRow>, StoreError> {
        let all = self.approvals(session).await?;
        Ok(all.into_iter().find(|one| one.chain == chain))
    }

    /// The approvals for a session key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approvals(&self, session: EthAddress) -> Result<Vec<ApprovalRow>, StoreError> {
        let rows: Vec<ApprovalColumns> = sqlx::query_as(
            "SELECT session_key, chain, approval, kept_at, kept_by, revoked_at, revoked FROM approvals \
             WHERE session_key = $1 ORDER BY chain",
        )
        .bind(session.to_lower_hex())
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing approvals"))?;
        rows.into_iter().map(ApprovalRow::try_from).collect()
    }

    /// Remembers how the owner of an approval was found to have taken it back, or, with nothing, that it holds after all.
    /// False if that was known, or another approval is kept by now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_revoked(
        &self,
        approval: &ApprovalRow,
        how: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE approvals SET revoked_at = $4, revoked = $5 WHERE session_key = $1 AND chain = $2 AND approval = $3 \
             AND (revoked IS NULL) <> ($5 IS NULL)",
        )
        .bind(approval.session.to_lower_hex())
        .bind(approval.chain.to_string())
        .bind(&approval.approval)
        .bind(how.map(|_| now.0))
        .bind(how)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("noting that an approval was taken back"))?;
        Ok(done.rows_affected() > 0)
    }
}
