use maci_custody::{CoordinatorKey, CustodyError, KeyName, Passphrase, Restored, Vault};
use maci_protocol::ids::EthAddress;
use serde_json::{Value, json};

use super::{KeyView, Service, ServiceError};
use crate::access::Access;
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::repeats::Repeats;

impl Service {
    /// Logins, the key that clients encrypt to, and the record of who did what.
    #[must_use]
    pub fn access(&self) -> Access {
        let parts = &self.means.parts;
        Access::new(parts.store.clone(), parts.clock.clone(), parts.transport.clone())
    }

    /// Requests that come again. Ask once and clone: those at work are known to the clones.
    #[must_use]
    pub fn repeats(&self) -> Repeats {
        let parts = &self.means.parts;
        Repeats::new(parts.store.idempotency(), parts.clock.clone())
    }

    /// Whether the keys still wait for their passphrase.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.means.parts.keys.is_locked()
    }

    /// Opens the keys.
    ///
    /// # Errors
    /// When the passphrase is not theirs, or the actor is no admin.
    pub async fn unlock_keys(&self, actor: &Actor, passphrase: Passphrase) -> Result<(), ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.with_keys(|keys| keys.unlock(passphrase)).await?;
        tracing::info!(by = %actor.name, "the keys are unlocked");
        Ok(())
    }

    /// The address that pays for gas; none before the gas key is made.
    ///
    /// # Errors
    /// When its file is damaged.
    pub async fn gas_address(&self) -> Result<Option<EthAddress>, ServiceError> {
        self.with_keys(|keys| keys.sender_address()).await
    }

    /// The coordinator keys in custody, by name.
    ///
    /// # Errors
    /// When their folder cannot be read.
    pub async fn coordinator_keys(&self) -> Result<Vec<KeyView>, ServiceError> {
        let list = self.with_keys(|keys| keys.list()).await?;
        for error in &list.unreadable {
            tracing::warn!(%error, "a coordinator key cannot be read");
        }
        let views = list.keys.into_iter().map(|key| KeyView {
            name: key.name.to_string(),
            public_key: key.public_key,
        });
        Ok(views.collect())
    }

    /// Makes a coordinator key.
    ///
    /// # Errors
    /// When the name is taken, the keys are sealed, or the actor is no operator.
    pub async fn create_key(&self, actor: &Actor, name: KeyName) -> Result<KeyView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let made = self.with_keys(move |keys| keys.create(&name).map(|key| view(&name, &key)));
        Ok(self.added(made.await?))
    }

    /// Takes a coordinator key into custody.
    ///
    /// # Errors
    /// As [`Self::create_key`], and the actor is no admin.
    pub async fn import_key(&self, actor: &Actor, name: KeyName, key: CoordinatorKey) -> Result<KeyView, ServiceError> {
        self.admit(actor, Role::Admin)?;
        let taken = self.with_keys(move |keys| keys.import(&name, key).map(|key| view(&name, &key)));
        Ok(self.added(taken.await?))
    }

    /// A backup of every key, sealed under a passphrase of its own: the text of a file.
    ///
    /// # Errors
    /// When the keys are sealed, one of them does not open, or the actor is no admin.
    pub async fn backup_keys(&self, actor: &Actor, backup: Passphrase) -> Result<String, ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.with_keys(move |keys| keys.backup(&backup)).await
    }

    /// Takes the keys of a backup that are not here yet; none is overwritten.
    ///
    /// # Errors
    /// When the backup does not open, the keys are sealed, or the actor is no admin.
    pub async fn restore_keys(
        &self,
        actor: &Actor,
        text: String,
        backup: Passphrase,
    ) -> Result<Restored, ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.with_keys(move |keys| keys.restore(&text, &backup)).await
    }

    /// A backup of one key, sealed under a passphrase of its own: the text of a file.
    ///
    /// # Errors
    /// When there is no such key, the keys are sealed, or the actor is no admin.
    pub async fn backup_key(&self, actor: &Actor, name: KeyName, backup: Passphrase) -> Result<String, ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.with_keys(move |keys| keys.backup_one(&name, &backup)).await
    }

    /// Takes one key back from its backup, under a name of choice.
    ///
    /// # Errors
    /// When the backup does not open, as [`Self::create_key`], and the actor is no admin.
    pub async fn restore_key(
        &self,
        actor: &Actor,
        name: KeyName,
        text: String,
        backup: Passphrase,
    ) -> Result<KeyView, ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.with_keys(move |keys| keys.restore_one(&name, &text, &backup).map(|key| view(&name, &key)))
            .await
    }

    /// The coordinator key that a client sends with its request (`encryptedCoordinatorPrivateKey`).
    ///
    /// # Errors
    /// When it is none that was encrypted to this service; code 3.
    pub async fn key_of_client(&self, encrypted: String) -> Result<CoordinatorKey, ServiceError> {
        Ok(self.means.parts.transport.coordinator_key(encrypted).await?)
    }

    /// Does something with the keys on a thread that may wait: opening one takes most of a second.
    async fn with_keys<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Vault) -> Result<T, CustodyError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        self.means.with_keys(act).await
    }

    /// What was deployed: the content of `deployed-contracts.json`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn contracts(&self) -> Result<Value, ServiceError> {
        let contracts = self.means.parts.store.deployments().read()?;
        serde_json::from_str(&contracts.to_text()?).map_err(ServiceError::damaged("deployed-contracts.json"))
    }

    fn added(&self, key: KeyView) -> KeyView {
        let body = json!({ "name": key.name, "publicKey": key.public_key.serialize() });
        self.means.note(EventKind::KeyAdded, None, body);
        key
    }
}

fn view(name: &KeyName, key: &CoordinatorKey) -> KeyView {
    KeyView {
        name: name.to_string(),
        public_key: key.public_key(),
    }
}
