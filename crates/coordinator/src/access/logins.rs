use std::time::Duration;

use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;
use maci_store::{Session, TokenDigest};

use super::token::random;
use super::{Access, AccessError, LoginNonces, Token};
use crate::actor::Role;

/// A login that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The account that logged in.
    pub address: EthAddress,
    /// When.
    pub issued: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

impl Access {
    /// Opens a login. The role is kept for the record: what somebody may do is looked up anew with every request.
    ///
    /// # Errors
    /// When it cannot be stored; then there is none.
    pub async fn log_in(
        &self,
        address: EthAddress,
        role: Role,
        lifetime: Duration,
    ) -> Result<(Token, Login), AccessError> {
        let token = Token::new()?;
        let issued = self.clock.now();
        let expires = issued.after(lifetime);
        let session = Session {
            address,
            role: role.name().to_owned(),
            issued,
            expires,
        };
        // each login sweeps up behind those that have ended
        self.store.sessions().purge(issued).await?;
        self.store.sessions().issue(&token.digest(), &session).await?;
        let login = Login {
            address,
            issued,
            expires,
        };
        Ok((token, login))
    }

    /// The login of a token, if it is open.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn login(&self, token: &TokenDigest) -> Result<Option<Login>, AccessError> {
        let found = self.store.sessions().find(token, self.clock.now()).await?;
        Ok(found.map(|session| Login {
            address: session.address,
            issued: session.issued,
            expires: session.expires,
        }))
    }

    /// Ends a login. False if there was none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn log_out(&self, token: &TokenDigest) -> Result<bool, AccessError> {
        Ok(self.store.sessions().revoke(token).await?)
    }

    /// What makes and knows the numbers for logins, alike in every process on the store.
    ///
    /// # Errors
    /// When the secret behind them cannot be shared.
    pub async fn login_nonces(&self) -> Result<LoginNonces, AccessError> {
        let drawn = random()?;
        let secret = self.store.sessions().shared_secret("login-nonces", drawn.0).await?;
        Ok(LoginNonces::made_with(secret))
    }

    /// Uses a number up. False if it was used before, by whichever process; it is remembered until `expires`.
    ///
    /// # Errors
    /// When it cannot be written; then the number counts as used.
    pub async fn use_once(&self, scope: &str, nonce: &str, expires: Timestamp) -> Result<bool, AccessError> {
        Ok(self.store.sessions().use_once(scope, nonce, expires).await?)
    }

    /// Forgets logins and numbers that have ended.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn sweep(&self) -> Result<u64, AccessError> {
        Ok(self.store.sessions().purge(self.clock.now()).await?)
    }
}
