use std::fmt;

use maci_crypto::keys::{PrivateKey, PublicKey, SecretScalar};

use crate::ids::PollRef;
use crate::poll::PollConfig;

/// A coordinator's private key that was checked to be the one a poll was deployed for.
pub struct CoordinatorKey {
    private: PrivateKey,
    scalar: SecretScalar,
    public: PublicKey,
}

/// A key that cannot open the poll's messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{poll} was deployed for coordinator key {expected}, but the key given is {given}; use the poll's key")]
pub struct WrongCoordinatorKey {
    /// Which poll.
    pub poll: PollRef,
    /// The poll's public key.
    pub expected: Box<PublicKey>,
    /// The public key of the private key given.
    pub given: Box<PublicKey>,
}

impl CoordinatorKey {
    /// Takes a private key for a poll, if it is the poll's.
    pub fn new(private: PrivateKey, config: &PollConfig) -> Result<Self, WrongCoordinatorKey> {
        let scalar = private.secret_scalar();
        let public = scalar.public_key();
        let key = Self {
            private,
            scalar,
            public,
        };
        key.expect_key_of(config)?;
        Ok(key)
    }

    /// Checks that this is also the key of another poll.
    pub fn expect_key_of(&self, config: &PollConfig) -> Result<(), WrongCoordinatorKey> {
        let expected = *config.coordinator_public_key();
        if self.public == expected {
            return Ok(());
        }
        Err(WrongCoordinatorKey {
            poll: config.poll(),
            expected: Box::new(expected),
            given: Box::new(self.public),
        })
    }

    /// The key itself, to derive salts from.
    pub fn private_key(&self) -> &PrivateKey {
        &self.private
    }

    /// The factor in shared keys and circuit inputs.
    pub fn secret_scalar(&self) -> &SecretScalar {
        &self.scalar
    }

    /// The public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }
}

impl fmt::Debug for CoordinatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoordinatorKey({})", self.public)
    }
}
