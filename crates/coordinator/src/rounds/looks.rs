use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use maci_chain::reader::{PollReader, Standing};
use maci_protocol::ids::{ChainId, PollRef};
use tokio::sync::{Mutex as Turn, OnceCell, Semaphore};

use crate::chains::Chains;
use crate::finalise::{Stage, look};
use crate::service::ServiceError;

/// For how long a look is as good as a new one.
const FRESH: Duration = Duration::from_secs(2);

/// For how long a look is told while a new one is being taken.
const USABLE: Duration = Duration::from_secs(20);

/// Looks at one chain at the same time: a service that watches many polls starts gently, and a chain that is down holds up
/// no other.
const AT_ONCE: usize = 8;

/// What one look at a poll has seen.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// The poll, with what is fixed about it.
    pub(crate) reader: PollReader,
    pub(crate) standing: Standing,
    pub(crate) stage: Stage,
}

/// The newest look at every poll anybody asked about. Many who ask at once cost the chain one look. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Looks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    chains: Chains,
    margin: u64,
    slots: Mutex<BTreeMap<PollRef, Arc<Slot>>>,
    gates: Mutex<BTreeMap<ChainId, Arc<Semaphore>>>,
}

#[derive(Debug, Default)]
struct Slot {
    reader: OnceCell<PollReader>,
    last: Mutex<Option<(Instant, Arc<Look>)>>,
    turn: Turn<()>,
}

impl Looks {
    pub(crate) fn new(chains: Chains, margin: u64) -> Self {
        Self(Arc::new(Inner {
            chains,
            margin,
            slots: Mutex::default(),
            gates: Mutex::default(),
        }))
    }

    /// The poll on its chain; what is fixed about it is read once.
    ///
    /// # Errors
    /// When it does not exist, nobody could finalise it, or its chain cannot be asked.
    pub(crate) async fn reader(&self, poll: PollRef) -> Result<PollReader, ServiceError> {
        self.open(&self.slot(poll), poll).await
    }

    /// The poll as it is now.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub(crate) async fn now(&self, poll: PollRef) -> Result<Arc<Look>, ServiceError> {
        let slot = self.slot(poll);
        let _turn = slot.turn.lock().await;
        self.take(&slot, poll).await
    }

    /// The poll as it was a moment ago.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub(crate) async fn recent(&self, poll: PollRef) -> Result<Arc<Look>, ServiceError> {
        let slot = self.slot(poll);
        match slot.last() {
            Some((taken, look)) if taken.elapsed() < FRESH => Ok(look),
            Some((taken, look)) if taken.elapsed() < USABLE => {
                let (looks, slot) = (self.clone(), slot.clone());
                tokio::spawn(async move {
                    if let Ok(_turn) = slot.turn.try_lock()
                        && let Err(error) = looks.take(&slot, poll).await
                    {
                        tracing::debug!(%poll, %error, "a look failed");
                    }
                });
                Ok(look)
            }
            Some(_) | None => {
                let _turn = slot.turn.lock().await;
                match slot.last() {
                    Some((taken, look)) if taken.elapsed() < FRESH => Ok(look),
                    Some(_) | None => self.take(&slot, poll).await,
                }
            }
        }
    }

    /// The last look, however old.
    pub(crate) fn last(&self, poll: PollRef) -> Option<Arc<Look>> {
        self.slot(poll).last().map(|(_, look)| look)
    }

    /// Makes the next one who asks look anew: something has changed.
    pub(crate) fn forget(&self, poll: PollRef) {
        *self.slot(poll).last.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn take(&self, slot: &Slot, poll: PollRef) -> Result<Arc<Look>, ServiceError> {
        let gate = self.gate(poll.chain);
        // gates are never closed
        let _passed = gate.acquire().await.ok();
        let reader = self.open(slot, poll).await?;
        let (standing, stage) = look(&reader, self.0.margin).await?;
        let look = Arc::new(Look {
            reader,
            standing,
            stage,
        });
        *slot.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), look.clone()));
        Ok(look)
    }

    async fn open(&self, slot: &Slot, poll: PollRef) -> Result<PollReader, ServiceError> {
        let open = || async {
            let rpc = self.0.chains.rpc(poll.chain).await?;
            Ok::<_, ServiceError>(PollReader::open(&rpc, poll.maci, poll.poll).await?)
        };
        Ok(slot.reader.get_or_try_init(open).await?.clone())
    }

    fn gate(&self, chain: ChainId) -> Arc<Semaphore> {
        let mut gates = self.0.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates
            .entry(chain)
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)))
            .clone()
    }

    fn slot(&self, poll: PollRef) -> Arc<Slot> {
        let mut slots = self.0.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // polls that do not exist leave nothing behind
        if slots.len() > 1_000 {
            slots.retain(|_, slot| slot.reader.initialized() || Arc::strong_count(slot) > 1);
        }
        slots.entry(poll).or_default().clone()
    }
}

impl Slot {
    fn last(&self) -> Option<(Instant, Arc<Look>)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
