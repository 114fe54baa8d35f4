use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use maci_chain::reader::PollReader;
use maci_chain::send::Submit;
use maci_crypto::keys::PrivateKey;
use maci_custody::{CoordinatorKey, CustodyError, KeyName, Vault};
use maci_protocol::ids::{ChainId, PollRef};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, mpsc};

use crate::events::{EventKind, EventLog, Happened};
use crate::finalise::ProvingPool;
use crate::ipfs::Ipfs;
use crate::ledger::FirstOf;
use crate::relay::{KeptBatches, PublishedBatches};
use crate::rounds::Looks;
use crate::senders::{SenderChoice, Senders, SendersMeans};
use crate::service::{Parts, ServiceError};

/// What everything in the service works with.
pub(crate) struct Means {
    pub(crate) parts: Parts,
    pub(crate) pool: ProvingPool,
    pub(crate) looks: Looks,
    pub(crate) events: EventLog,
    /// What is published, and what others have.
    pub(crate) ipfs: Ipfs,
    /// What jobs have done to polls, for the one who looks after them.
    touched: mpsc::UnboundedSender<Touched>,
    /// The names of keys that were found, which never change.
    names: Mutex<BTreeMap<PollRef, KeyName>>,
    pub(crate) senders: Senders,
    /// Who works on a poll; in this process others wait instead of being refused.
    turns: Mutex<BTreeMap<PollRef, Arc<Turn<()>>>>,
    /// Keys that came with requests. They are in memory only.
    given: Mutex<BTreeMap<PollRef, CoordinatorKey>>,
}

/// What a job has done to a poll.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Touched {
    /// Deployed it, to be watched from now on.
    Deployed(PollRef),
    /// Worked on it.
    Worked(PollRef),
}

impl Means {
    /// The means of one process, and where it hears what jobs have done to polls.
    pub(crate) fn new(mut parts: Parts, events: EventLog) -> (Self, mpsc::UnboundedReceiver<Touched>) {
        let ipfs = Ipfs::new(parts.store.clone(), parts.clock.clone(), &parts.ipfs);
        // what this service relayed itself it can always make again; then what lies here, then who else may have it
        parts.relayed = Arc::new(FirstOf(vec![
            Arc::new(KeptBatches(parts.store.relay())),
            parts.relayed,
            Arc::new(PublishedBatches(ipfs.clone())),
        ]));
        let (touched, heard) = mpsc::unbounded_channel();
        let means = Self {
            pool: ProvingPool::new(parts.proving),
            looks: Looks::new(parts.chains.clone(), parts.rounds.margin),
            events,
            ipfs,
            touched,
            names: Mutex::default(),
            senders: Senders::new(SendersMeans {
                settings: parts.senders.clone(),
                chains: parts.chains.clone(),
                keys: parts.keys.clone(),
                store: parts.store.clone(),
                sending: parts.sending,
                clock: parts.clock.clone(),
            }),
            turns: Mutex::default(),
            given: Mutex::default(),
            parts,
        };
        (means, heard)
    }

    /// Tells that something was done to a poll.
    pub(super) fn touch(&self, touched: Touched) {
        // nobody looks after polls any more once the service stops
        let _ = self.touched.send(touched);
    }

    /// Who puts calls on a chain for the chosen sender.
    ///
    /// # Errors
    /// When there is no such sender, its key cannot be had or must not be used there, or the chain cannot be reached.
    pub(crate) async fn sender(&self, chain: ChainId, choice: &SenderChoice) -> Result<Arc<dyn Submit>, ServiceError> {
        self.senders.submit(chain, choice).boxed().await
    }

    /// Who sends for a poll: the one a request names, else the one the poll was given.
    ///
    /// # Errors
    /// When the store fails, or the sender cannot be had.
    pub(crate) async fn poll_sender(
        &self,
        poll: PollRef,
        asked: &SenderChoice,
    ) -> Result<Arc<dyn Submit>, ServiceError> {
        let own = self.parts.store.polls().get(&poll).await?;
        let own = own.and_then(|watched| watched.sender);
        let own = SenderChoice::stored(own.as_deref()).map_err(|error| ServiceError::Damaged {
            what: format!("the sender of {poll}"),
            reason: error.to_string(),
        })?;
        self.sender(poll.chain, &asked.clone().or(own)).await
    }

    /// Waits until nobody in this process works on the poll.
    pub(super) async fn turn(&self, poll: PollRef) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry(poll).or_default().clone()
        };
        turn.lock_owned().await
    }

    /// Keeps a key that came with a request until its job is done.
    pub(crate) fn keep_given(&self, poll: PollRef, key: CoordinatorKey) {
        self.given
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(poll, key);
    }

    pub(super) fn given(&self, poll: PollRef) -> Option<CoordinatorKey> {
        self.given
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&poll)
            .cloned()
    }

    pub(super) fn forget_given(&self, poll: PollRef) {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).remove(&poll);
    }

    /// The name of the sealed key that is a poll's.
    ///
    /// # Errors
    /// When the folder of keys cannot be read.
    pub(crate) fn key_name(&self, reader: &PollReader) -> Result<Option<KeyName>, ServiceError> {
        let (poll, public) = (reader.config().poll(), reader.config().coordinator_public_key());
        let names = || self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names().get(&poll) {
            return Ok(Some(known.clone()));
        }
        let mut keys = self.parts.keys.list()?.keys.into_iter();
        let found = keys.find(|key| key.public_key == *public).map(|key| key.name);
        if let Some(name) = &found {
            names().insert(poll, name.clone());
        }
        Ok(found)
    }

    /// Whether some key of this service is the poll's.
    ///
    /// # Errors
    /// When the folder of keys cannot be read.
    pub(crate) fn has_key(&self, reader: &PollReader) -> Result<bool, ServiceError> {
        let public = *reader.config().coordinator_public_key();
        Ok(self.parts.keys.given().any(|key| key == public) || self.key_name(reader)?.is_some())
    }

    /// The poll's coordinator key, opened.
    ///
    /// # Errors
    /// [`ServiceError::NoKey`], [`ServiceError::Locked`], or that it must not be used on the chain.
    pub(crate) async fn coordinator_key(&self, reader: &PollReader) -> Result<PrivateKey, ServiceError> {
        let (poll, public) = (reader.config().poll(), *reader.config().coordinator_public_key());
        let key = self.with_keys(move |keys| keys.coordinator(&public)).await?;
        let key = key.ok_or_else(|| ServiceError::NoKey {
            poll,
            public_key: public.serialize(),
        })?;
        Ok(key.on_chain(poll.chain)?.private_key.clone())
    }

    /// Does something with the keys on a thread that may wait: opening one takes most of a second.
    ///
    /// # Errors
    /// [`ServiceError::Locked`], or what the keys say.
    pub(crate) async fn with_keys<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Vault) -> Result<T, CustodyError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let keys = self.parts.keys.clone();
        aside(move || act(&keys)).await?.map_err(|error| {
            if matches!(error, CustodyError::Locked) {
                ServiceError::Locked
            } else {
                ServiceError::Custody(error)
            }
        })
    }

    /// Notes something that happened to a poll.
    pub(crate) fn note(&self, kind: EventKind, poll: Option<PollRef>, body: serde_json::Value) {
        self.events.note(Happened {
            kind,
            poll,
            job: None,
            body,
        });
    }
}

/// Runs something slow beside the runtime.
///
/// # Errors
/// When it panicked.
pub(crate) async fn aside<T: Send + 'static>(slow: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
    let done = tokio::task::spawn_blocking(slow).await;
    done.map_err(|error| ServiceError::Panicked {
        reason: error.to_string(),
    })
}

impl fmt::Debug for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Means")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
