use maci_custody::{CoordinatorKey, KeyName, Passphrase};
use serde_json::Value;

use super::{KeyView, Service, ServiceError};
use crate::actor::Actor;

impl Service {
    /// The coordinator keys in custody, by name.
    ///
    /// # Errors
    /// When their folder cannot be read.
    pub async fn coordinator_keys(&self) -> Result<Vec<KeyView>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Makes a coordinator key.
    ///
    /// # Errors
    /// When the name is taken, the keys are sealed, or the actor is no operator.
    pub async fn create_key(&self, _actor: &Actor, _name: KeyName) -> Result<KeyView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Takes a coordinator key into custody.
    ///
    /// # Errors
    /// As [`Self::create_key`], and the actor is no admin.
    pub async fn import_key(
        &self,
        _actor: &Actor,
        _name: KeyName,
        _key: CoordinatorKey,
    ) -> Result<KeyView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// A backup of a key, sealed under a passphrase of its own: the text of a file.
    ///
    /// # Errors
    /// When there is no such key, the keys are sealed, or the actor is no admin.
    pub async fn backup_key(
        &self,
        _actor: &Actor,
        _name: KeyName,
        _backup_passphrase: Passphrase,
    ) -> Result<String, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Takes a key back from a backup.
    ///
    /// # Errors
    /// When the backup does not open, as [`Self::create_key`], and the actor is no admin.
    pub async fn restore_key(
        &self,
        _actor: &Actor,
        _name: KeyName,
        _backup: String,
        _backup_passphrase: Passphrase,
    ) -> Result<KeyView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// What was deployed: the content of `deployed-contracts.json`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn contracts(&self) -> Result<Value, ServiceError> {
        Err(ServiceError::Draining)
    }
}
