//! Who is logged in, what may be used only once, and what the processes of one service share.

use std::fmt;

use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;
use sha2::{Digest, Sha256};

use super::Db;
use super::column::{exactly, parsed, word};
use crate::error::StoreError;

/// What is kept of a token: enough to know it again, too little to use it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The SHA-256 of a token. Tokens must be random: at least 128 bits.
    pub fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest")
    }
}

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub address: EthAddress,
    /// As what.
    pub role: String,
    /// Since when.
    pub issued: Timestamp,
    /// The first moment at which it no longer counts.
    pub expires: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Columns {
    address: String,
    role: String,
    issued_at: i64,
    expires_at: i64,
}

/// Logins and nonces.
#[derive(Debug, Clone)]
pub struct Sessions {
    db: Db,
}

impl Sessions {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Remembers a login.
    ///
    /// # Errors
    /// When the database fails, or the token was issued before.
    pub async fn issue(&self, token: &TokenDigest, session: &Session) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO session_tokens (digest, address, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&token.0[..])
        .bind(session.address.to_lower_hex())
        .bind(word("a role", &session.role)?)
        .bind(session.issued.0)
        .bind(session.expires.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("storing a login"))?;
        Ok(())
    }

    /// The login a token stands for, if it counts now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, token: &TokenDigest, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT address, role, issued_at, expires_at FROM session_tokens WHERE digest = $1 AND expires_at > $2",
        )
        .bind(&token.0[..])
        .bind(now.0)
        .fetch_optional(self.db.pool())
        .await
        .map_err(StoreError::database("looking for a login"))?;
        row.map(|row| {
            Ok(Session {
                address: parsed("a login's address", &row.address)?,
                role: row.role,
                issued: Timestamp(row.issued_at),
                expires: Timestamp(row.expires_at),
            })
        })
        .transpose()
    }

    /// Ends a login. False if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke(&self, token: &TokenDigest) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM session_tokens WHERE digest = $1")
            .bind(&token.0[..])
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("ending a login"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends all logins of an address, and answers how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_all(&self, address: EthAddress) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM session_tokens WHERE address = $1")
            .bind(address.to_lower_hex())
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("ending logins"))?;
        Ok(done.rows_affected())
    }

    /// Uses a nonce that its user made up. True the first time; false whenever it comes again, also after a restart and
    /// on other machines. It is remembered at least until `expires`: what it protects must not be taken after that.
    ///
    /// # Errors
    /// When the database fails; then the nonce must count as used.
    pub async fn use_once(&self, scope: &str, nonce: &str, expires: Timestamp) -> Result<bool, StoreError> {
        self.insert_nonce(scope, nonce, expires, 1).await
    }

    /// Hands out a nonce that can be redeemed once. False if it is there already: then make another one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer(&self, scope: &str, nonce: &str, expires: Timestamp) -> Result<bool, StoreError> {
        self.insert_nonce(scope, nonce, expires, 0).await
    }

    /// Redeems a nonce that was handed out. False if it never was, has expired, or was redeemed before.
    ///
    /// # Errors
    /// When the database fails; then the nonce must count as used.
    pub async fn redeem(&self, scope: &str, nonce: &str, now: Timestamp) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE nonces SET used = 1 WHERE scope = $1 AND nonce = $2 AND used = 0 AND expires_at > $3")
                .bind(word("a nonce's scope", scope)?)
                .bind(word("a nonce", nonce)?)
                .bind(now.0)
                .execute(self.db.pool())
                .await
                .map_err(StoreError::database("redeeming a nonce"))?;
        Ok(done.rows_affected() > 0)
    }

    /// The secret of that name, which all processes on this database share: `drawn`, if there was none before. Whoever can
    /// read the database knows it, so nothing may rest on it that the database does not hold anyway.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared_secret(&self, name: &str, drawn: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let name = word("a secret's name", name)?;
        let failed = || StoreError::database("sharing a secret");
        sqlx::query("INSERT INTO shared_secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(&drawn[..])
            .execute(self.db.pool())
            .await
            .map_err(failed())?;
        let secret: Vec<u8> = sqlx::query_scalar("SELECT secret FROM shared_secrets WHERE name = $1")
            .bind(name)
            .fetch_one(self.db.pool())
            .await
            .map_err(failed())?;
        exactly("a shared secret", &secret)
    }

    async fn insert_nonce(&self, scope: &str, nonce: &str, expires: Timestamp, used: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO nonces (scope, nonce, used, expires_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (scope, nonce) DO NOTHING",
        )
        .bind(word("a nonce's scope", scope)?)
        .bind(word("a nonce", nonce)?)
        .bind(used)
        .bind(expires.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database("storing a nonce"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets logins and nonces that have expired, and answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut gone = 0;
        for statement in [
            "DELETE FROM session_tokens WHERE expires_at <= $1",
            "DELETE FROM nonces WHERE expires_at <= $1",
        ] {
            let done = sqlx::query(statement)
                .bind(now.0)
                .execute(self.db.pool())
                .await
                .map_err(StoreError::database("purging logins"))?;
            gone += done.rows_affected();
        }
        Ok(gone)
    }
}
