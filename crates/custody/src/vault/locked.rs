use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use maci_crypto::keys::PublicKey;
use maci_protocol::ids::EthAddress;

use super::backup::{self, Restored};
use super::opened::{Opened, held};
use crate::coordinator::{CoordinatorKey, CoordinatorKeys, KeyList};
use crate::disk;
use crate::error::CustodyError;
use crate::name::KeyName;
use crate::passphrase::Passphrase;
use crate::sealed::Cost;
use crate::sender::{GasKey, SenderKey, SessionKeys};

/// The longest backup that is read, in bytes: some tens of thousands of keys.
const LONGEST_BACKUP: usize = 16 * 1024 * 1024;

/// The gas key's file in the folder of keys.
const GAS_FILE: &str = "gas-key.json";

/// The keys of a process. Clones share them.
///
/// Opening a key takes most of a second and, for that time, 256 MiB, so every method that may open one blocks: call
/// it from a thread that may wait.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    cost: Cost,
    keys: CoordinatorKeys,
    /// Keys that came from the environment: they are there locked or not, and rest nowhere.
    given: Vec<CoordinatorKey>,
    sender: Option<SenderKey>,
    opened: Mutex<Option<Arc<Opened>>>,
    /// Whether somebody is about to unlock: until that was tried, nobody is told that the keys are locked.
    is_awaited: Mutex<bool>,
    tried: Condvar,
}

impl Vault {
    /// The keys in a folder, locked. New ones are sealed at `cost`. `given` keys and sender come from the
    /// environment and are used without a passphrase.
    #[must_use]
    pub fn at(folder: &Path, cost: Cost, given: Vec<CoordinatorKey>, sender: Option<SenderKey>) -> Self {
        let inner = Inner {
            folder: folder.to_owned(),
            cost,
            keys: CoordinatorKeys::at(folder, cost),
            given,
            sender,
            opened: Mutex::new(None),
            is_awaited: Mutex::new(false),
            tried: Condvar::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whether the passphrase is still missing.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        held(&self.inner.opened).is_none()
    }

    /// Takes the passphrase, if one of the keys there are opens with it. On a folder without a key it is the first
    /// one's.
    ///
    /// # Errors
    /// [`CustodyError::WrongPassphrase`], or that a key is damaged.
    pub fn unlock(&self, passphrase: Passphrase) -> Result<(), CustodyError> {
        // whatever comes of it, and even if it panics
        let _waiters = Released(&self.inner);
        self.open_with(passphrase)
    }

    /// Says that [`Self::unlock`] is going to be called. Until it has been, whoever needs a sealed key waits for it
    /// instead of being refused: a process that starts has work before its passphrase is through.
    pub fn await_unlocking(&self) {
        *held(&self.inner.is_awaited) = true;
    }

    fn open_with(&self, passphrase: Passphrase) -> Result<(), CustodyError> {
        let already = held(&self.inner.opened).clone();
        if let Some(opened) = already {
            let what = "the vault".to_owned();
            let same = opened.passphrase.is(&passphrase);
            return if same {
                Ok(())
            } else {
                Err(CustodyError::WrongPassphrase { what })
            };
        }
        let opened = Opened::under(passphrase);
        // the key that is opened as proof is one that will be needed
        match self.known_gas()? {
            Some(_) => drop(opened.gas(|passphrase| self.open_gas(passphrase))?),
            None => {
                if let Some(first) = self.inner.keys.list()?.keys.first() {
                    opened.coordinator(&first.name, |passphrase| self.inner.keys.open(&first.name, passphrase))?;
                }
            }
        }
        held(&self.inner.opened).get_or_insert_with(|| Arc::new(opened));
        Ok(())
    }

    /// Forgets the passphrase and every key opened with it.
    pub fn lock(&self) {
        *held(&self.inner.opened) = None;
    }

    /// Who pays for gas: the key from the environment, else the gas key, which is made if there is none.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], or that it does not open or cannot be written.
    pub fn sender(&self) -> Result<SenderKey, CustodyError> {
        if let Some(sender) = &self.inner.sender {
            return Ok(sender.clone());
        }
        self.opened()?.gas(|passphrase| self.open_gas(passphrase))
    }

    /// The address that pays for gas, known without a passphrase; none before the gas key is made.
    ///
    /// # Errors
    /// When its file is damaged.
    pub fn sender_address(&self) -> Result<Option<EthAddress>, CustodyError> {
        match &self.inner.sender {
            Some(sender) => Ok(Some(sender.address())),
            None => self.known_gas(),
        }
    }

    /// The coordinator key with this public half; none if there is none here.
    ///
    /// # Errors
    /// [`CustodyError::Locked`] if it is there but sealed, or that it does not open.
    pub fn coordinator(&self, public_key: &PublicKey) -> Result<Option<CoordinatorKey>, CustodyError> {
        let given = self.inner.given.iter().find(|key| key.public_key() == *public_key);
        if let Some(key) = given {
            return Ok(Some(key.clone()));
        }
        let name = self.inner.keys.find_by_public_key(public_key)?;
        name.map(|name| self.named(&name)).transpose()
    }

    /// The coordinator key of this name.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], [`CustodyError::NoSuchKey`], or that it does not open.
    pub fn named(&self, name: &KeyName) -> Result<CoordinatorKey, CustodyError> {
        self.opened()?
            .coordinator(name, |passphrase| self.inner.keys.open(name, passphrase))
    }

    /// Makes a coordinator key.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], [`CustodyError::NameTaken`], or that it cannot be written.
    pub fn create(&self, name: &KeyName) -> Result<CoordinatorKey, CustodyError> {
        let opened = self.opened()?;
        let key = self.inner.keys.create(name, &opened.passphrase)?;
        opened.coordinator(name, |_| Ok(key))
    }

    /// Keeps a coordinator key that was made elsewhere.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn import(&self, name: &KeyName, key: CoordinatorKey) -> Result<CoordinatorKey, CustodyError> {
        let opened = self.opened()?;
        let key = self.inner.keys.import(name, key, &opened.passphrase)?;
        opened.coordinator(name, |_| Ok(key))
    }

    /// The coordinator keys in the folder, known without a passphrase.
    ///
    /// # Errors
    /// When the folder cannot be read; a damaged key is listed as such.
    pub fn list(&self) -> Result<KeyList, CustodyError> {
        self.inner.keys.list()
    }

    /// The public halves of the keys from the environment.
    pub fn given(&self) -> impl Iterator<Item = PublicKey> + '_ {
        self.inner.given.iter().map(CoordinatorKey::public_key)
    }

    /// Every key of the folder in one text, sealed under a passphrase of its own. Keys from the environment are not
    /// among them.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], or that a key does not open: a backup holds all keys or is none.
    pub fn backup(&self, passphrase: &Passphrase) -> Result<String, CustodyError> {
        let opened = self.opened()?;
        let list = self.inner.keys.list()?;
        if let Some(error) = list.unreadable.into_iter().next() {
            return Err(error);
        }
        let open = |name: &KeyName| self.named(name).map(|key| (name.clone(), key));
        let coordinators = in_parallel(list.keys.iter().map(|key| &key.name), open)?;
        let gas = match self.known_gas()? {
            Some(_) => Some(opened.gas(|passphrase| self.open_gas(passphrase))?),
            None => None,
        };
        backup::seal_all(
            &self.inner.folder,
            &coordinators,
            gas.as_ref(),
            passphrase,
            self.inner.cost,
        )
    }

    /// Writes a backup of every key to a new file for its owner alone.
    ///
    /// # Errors
    /// As [`Self::backup`], or that the file is there already or cannot be written.
    pub fn backup_to(&self, path: &Path, passphrase: &Passphrase) -> Result<(), CustodyError> {
        if disk::write_new(path, &self.backup(passphrase)?)? {
            return Ok(());
        }
        let taken = std::io::ErrorKind::AlreadyExists;
        Err(CustodyError::file("write the backup, which must be a new file,", path)(
            taken.into(),
        ))
    }

    /// Takes every key of a backup file that is not there yet.
    ///
    /// # Errors
    /// As [`Self::restore`], or that the file cannot be read.
    pub fn restore_from(&self, path: &Path, passphrase: &Passphrase) -> Result<Restored, CustodyError> {
        let missing = || CustodyError::file("read the backup", path)(std::io::ErrorKind::NotFound.into());
        let bytes = disk::read_up_to(LONGEST_BACKUP, path)?.ok_or_else(missing)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| CustodyError::damaged("the backup", error))?;
        self.restore(text, passphrase)
    }

    /// A backup of one coordinator key, sealed under a passphrase of its own.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], [`CustodyError::NoSuchKey`], or that it does not open.
    pub fn backup_one(&self, name: &KeyName, passphrase: &Passphrase) -> Result<String, CustodyError> {
        let opened = self.opened()?;
        self.inner.keys.export(name, &opened.passphrase, passphrase)
    }

    /// Takes one coordinator key from its backup, under a name of choice.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], that the backup does not open, or as [`Self::import`].
    pub fn restore_one(
        &self,
        name: &KeyName,
        text: &str,
        passphrase: &Passphrase,
    ) -> Result<CoordinatorKey, CustodyError> {
        let opened = self.opened()?;
        self.inner.keys.restore(name, text, passphrase, &opened.passphrase)
    }

    /// Takes every key of a backup that is not there yet; none is overwritten.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], or that the backup does not open or a key cannot be written. What was taken before
    /// stays, and the same call goes on.
    pub fn restore(&self, text: &str, passphrase: &Passphrase) -> Result<Restored, CustodyError> {
        let opened = self.opened()?;
        backup::open_all(
            text,
            passphrase,
            &backup::Place {
                folder: &self.inner.folder,
                keys: &self.inner.keys,
                gas: &self.gas_path(),
                passphrase: &opened.passphrase,
                cost: self.inner.cost,
            },
        )
    }

    pub(super) fn session_keys(&self) -> SessionKeys {
        SessionKeys::at(&self.inner.folder, self.inner.cost)
    }

    pub(super) fn opened(&self) -> Result<Arc<Opened>, CustodyError> {
        let awaited = held(&self.inner.is_awaited);
        let waited = self.inner.tried.wait_while(awaited, |is_awaited| *is_awaited);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        held(&self.inner.opened).clone().ok_or(CustodyError::Locked)
    }

    fn gas_path(&self) -> PathBuf {
        self.inner.folder.join(GAS_FILE)
    }

    fn known_gas(&self) -> Result<Option<EthAddress>, CustodyError> {
        GasKey::address(&self.gas_path())
    }

    fn open_gas(&self, passphrase: &Passphrase) -> Result<SenderKey, CustodyError> {
        GasKey::open_or_create(&self.gas_path(), passphrase, self.inner.cost).map(|gas| gas.key)
    }
}

/// Does something with each, on as many threads as there are cores: opening a key keeps one busy.
fn in_parallel<T: Send, R: Send>(
    all: impl Iterator<Item = T>,
    each: impl Fn(T) -> Result<R, CustodyError> + Sync,
) -> Result<Vec<R>, CustodyError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<T> = all.collect();
    let each = &each;
    let mut rest = all.into_iter();
    let mut done = Vec::with_capacity(rest.len());
    while rest.len() > 0 {
        let some: Vec<T> = rest.by_ref().take(cores).collect();
        let results: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = some.into_iter().map(|one| scope.spawn(move || each(one))).collect();
            running.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        for result in results {
            let died = |_| CustodyError::Sealing {
                what: "a key".to_owned(),
                reason: "the thread that opened it died",
            };
            done.push(result.map_err(died)??);
        }
    }
    Ok(done)
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("folder", &self.inner.folder)
            .field("locked", &self.is_locked())
            .finish_non_exhaustive()
    }
}

/// Lets those go on who wait for the keys to be unlocked, when it is dropped.
struct Released<'a>(&'a Inner);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        *held(&self.0.is_awaited) = false;
        self.0.tried.notify_all();
    }
}
