use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use maci_protocol::ids::EthAddress;

use crate::coordinator::CoordinatorKey;
use crate::error::CustodyError;
use crate::name::KeyName;
use crate::passphrase::Passphrase;
use crate::sender::SenderKey;

/// One key: none until it was opened. Whoever opens it holds the lock, so that nobody opens it a second time.
type Slot<K> = Arc<Mutex<Option<K>>>;

/// A passphrase that was shown to be right, and the keys that were opened with it.
pub(super) struct Opened {
    pub(super) passphrase: Passphrase,
    coordinators: Mutex<BTreeMap<KeyName, Slot<CoordinatorKey>>>,
    gas: Slot<SenderKey>,
    sessions: Mutex<BTreeMap<EthAddress, SenderKey>>,
}

impl Opened {
    pub(super) fn under(passphrase: Passphrase) -> Self {
        Self {
            passphrase,
            coordinators: Mutex::default(),
            gas: Slot::default(),
            sessions: Mutex::default(),
        }
    }

    /// A session key: the one that was opened, else the one that `open` gives, if it gives one.
    pub(super) fn session(
        &self,
        address: EthAddress,
        open: impl FnOnce(&Passphrase) -> Result<Option<SenderKey>, CustodyError>,
    ) -> Result<Option<SenderKey>, CustodyError> {
        if let Some(key) = held(&self.sessions).get(&address) {
            return Ok(Some(key.clone()));
        }
        let key = open(&self.passphrase)?;
        if let Some(key) = &key {
            held(&self.sessions).insert(address, key.clone());
        }
        Ok(key)
    }

    /// Forgets a session key that was opened.
    pub(super) fn forget_session(&self, address: EthAddress) {
        held(&self.sessions).remove(&address);
    }

    /// A coordinator's key: the one that was opened, else the one that `open` gives.
    pub(super) fn coordinator(
        &self,
        name: &KeyName,
        open: impl FnOnce(&Passphrase) -> Result<CoordinatorKey, CustodyError>,
    ) -> Result<CoordinatorKey, CustodyError> {
        let slot = held(&self.coordinators).entry(name.clone()).or_default().clone();
        self.once(&slot, open)
    }

    /// The gas key: the one that was opened, else the one that `open` gives.
    pub(super) fn gas(
        &self,
        open: impl FnOnce(&Passphrase) -> Result<SenderKey, CustodyError>,
    ) -> Result<SenderKey, CustodyError> {
        self.once(&self.gas, open)
    }

    fn once<K: Clone>(
        &self,
        slot: &Mutex<Option<K>>,
        open: impl FnOnce(&Passphrase) -> Result<K, CustodyError>,
    ) -> Result<K, CustodyError> {
        let mut slot = held(slot);
        if let Some(key) = &*slot {
            return Ok(key.clone());
        }
        Ok(slot.insert(open(&self.passphrase)?).clone())
    }
}

/// A lock, also after whoever held it panicked: what it guards is whole at any moment.
pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
