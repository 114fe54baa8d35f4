use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alloy::signers::local::PrivateKeySigner;
use maci_custody::Vault;
use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, EthAddress, PollId, PollRef};
use maci_protocol::time::Timestamp;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::budget::Callers;
use super::carrier::Carrier;
use super::keeping::Keeper;
use super::venue::{SharedVenue, Venue};
use super::{RelayError, RelaySettings};
use crate::perform::Means;
use crate::rounds::Look;
use crate::service::ServiceError;

/// For how long a poll that cannot be relayed for is not looked at again.
const REFUSED_FOR: Duration = Duration::from_secs(30);

/// Polls that are remembered not to be relayed for.
const MOST_REFUSED: usize = 10_000;

/// The relayer of a service. Clones are the same.
#[derive(Clone)]
pub struct Relayer(Arc<Inner>);

struct Inner {
    means: Arc<Means>,
    settings: RelaySettings,
    keeper: Keeper,
    callers: Callers,
    bad_proofs: Callers,
    venues: Mutex<BTreeMap<PollRef, Arc<OnceCell<SharedVenue>>>>,
    refused: Mutex<BTreeMap<PollRef, (Timestamp, Refused)>>,
    signers: Mutex<BTreeMap<ChainId, PrivateKeySigner>>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

/// Why a poll is not relayed for, for as long as it is remembered.
#[derive(Debug, Clone)]
enum Refused {
    NotRelayer { guard: EthAddress, account: EthAddress },
    Unusable(String),
}

impl Relayer {
    /// Takes up what the last process left, and takes messages from now on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn start(means: Arc<Means>, settings: RelaySettings) -> Result<Self, RelayError> {
        let relayer = Self(Arc::new(Inner {
            keeper: Keeper::start(means.parts.store.relay()),
            callers: Callers::new(settings.per_address),
            bad_proofs: Callers::new(settings.bad_proofs),
            venues: Mutex::default(),
            refused: Mutex::default(),
            signers: Mutex::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            settings,
            means,
        }));
        for poll in relayer.0.means.parts.store.relay().unfinished().await? {
            relayer.take_up(poll);
        }
        Ok(relayer)
    }

    /// Opens a poll that has unfinished messages, however long its chain takes to answer.
    fn take_up(&self, poll: PollRef) {
        let relayer = self.clone();
        self.0.tasks.spawn(async move {
            while let Err(error) = relayer.venue(poll).await {
                tracing::warn!(%poll, %error, "relayed messages wait for their poll to answer");
                let clock = &relayer.0.means.parts.clock;
                tokio::select! {
                    () = clock.until(clock.now().after(REFUSED_FOR)) => {}
                    () = relayer.0.stopping.cancelled() => return,
                }
            }
        });
    }

    /// Stops carrying; what was taken is on the disk.
    pub(crate) async fn stop(&self) {
        self.0.stopping.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// What it promises and allows.
    #[must_use]
    pub fn settings(&self) -> &RelaySettings {
        &self.0.settings
    }

    /// The poll that a request without a chain means.
    ///
    /// # Errors
    /// [`RelayError::WhichChain`].
    pub async fn poll_of(&self, chain: Option<ChainId>, maci: EthAddress, poll: PollId) -> Result<PollRef, RelayError> {
        let on = |chain| PollRef { chain, maci, poll };
        if let Some(chain) = chain.or(self.0.settings.chain) {
            return Ok(on(chain));
        }
        let watched = self.0.means.parts.store.polls().all().await?;
        let mut same = watched.iter().map(|one| one.poll).filter(|one| *one == on(one.chain));
        if let (Some(found), None) = (same.next(), same.next()) {
            return Ok(found);
        }
        let mut chains = self.0.means.parts.chains.described();
        match (chains.next(), chains.next()) {
            (Some(only), None) => Ok(on(only)),
            _ => Err(RelayError::WhichChain),
        }
    }

    /// A poll that is relayed for; it is opened when it is asked for first, and its messages are carried from then on.
    pub(super) async fn venue(&self, poll: PollRef) -> Result<SharedVenue, RelayError> {
        self.expect_not_refused(poll)?;
        let cell = {
            let mut venues = self.0.venues.lock().unwrap_or_else(PoisonError::into_inner);
            venues.entry(poll).or_default().clone()
        };
        let opened = cell
            .get_or_try_init(|| async {
                let venue = Arc::new(Venue::open(&self.0.means, poll, &self.0.settings.sender).await?);
                let carrier = Carrier {
                    relayer: self.clone(),
                    venue: venue.clone(),
                };
                let stopping = self.0.stopping.clone();
                self.0.tasks.spawn(async move {
                    tokio::select! {
                        () = carrier.carry() => {}
                        () = stopping.cancelled() => {}
                    }
                });
                Ok(venue)
            })
            .await;
        match opened {
            Ok(venue) => Ok(venue.clone()),
            Err(error) => Err(self.refuse(poll, error)),
        }
    }

    /// A poll that is already relayed for.
    pub(super) fn known_venue(&self, poll: PollRef) -> Option<SharedVenue> {
        let venues = self.0.venues.lock().unwrap_or_else(PoisonError::into_inner);
        venues.get(&poll)?.get().cloned()
    }

    fn expect_not_refused(&self, poll: PollRef) -> Result<(), RelayError> {
        let refused = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match refused.get(&poll) {
            Some((until, why)) if *until > self.now() => Err(match why.clone() {
                Refused::NotRelayer { guard, account } => RelayError::NotRelayer { poll, guard, account },
                Refused::Unusable(reason) => RelayError::Unusable { poll, reason },
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Remembers that a poll cannot be relayed for, so that asking about it again costs no chain anything.
    fn refuse(&self, poll: PollRef, error: RelayError) -> RelayError {
        {
            let mut venues = self.0.venues.lock().unwrap_or_else(PoisonError::into_inner);
            if venues.get(&poll).is_some_and(|cell| !cell.initialized()) {
                venues.remove(&poll);
            }
        }
        let (why, error) = match error {
            RelayError::NotRelayer { guard, account, .. } => (Refused::NotRelayer { guard, account }, error),
            RelayError::Unusable { ref reason, .. } => (Refused::Unusable(reason.clone()), error),
            error if error.remedy() == Remedy::Retry => return error,
            // what the operator mends, such as sealed keys, is mended in their own time
            RelayError::Service(cause) if matches!(*cause, ServiceError::Locked | ServiceError::Draining) => {
                return RelayError::Service(cause);
            }
            error => {
                let reason = error.to_string();
                (Refused::Unusable(reason.clone()), RelayError::Unusable { poll, reason })
            }
        };
        let now = self.now();
        let mut refused = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MOST_REFUSED {
            refused.retain(|_, (until, _)| *until > now);
        }
        refused.insert(poll, (now.after(REFUSED_FOR), why));
        error
    }

    /// The poll as it was a moment ago.
    pub(super) async fn look(&self, poll: PollRef) -> Result<Arc<Look>, RelayError> {
        Ok(self.0.means.looks.recent(poll).await?)
    }

    /// The key that signs receipts: this service's own, whoever pays for batches. Receipts are signed thousands a minute, by
    /// a key in memory; senders may be accounts without a key, or behind somebody's approval.
    pub(super) async fn signer(&self, chain: ChainId) -> Result<PrivateKeySigner, RelayError> {
        let known = || self.0.signers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signer) = known().get(&chain) {
            return Ok(signer.clone());
        }
        let key = self.0.means.with_keys(Vault::sender).await?;
        let signer = key.on_chain(chain).map_err(ServiceError::from)?;
        known().insert(chain, signer.clone());
        Ok(signer)
    }

    pub(super) fn means(&self) -> &Means {
        &self.0.means
    }

    pub(super) fn keeper(&self) -> &Keeper {
        &self.0.keeper
    }

    pub(super) fn callers(&self) -> &Callers {
        &self.0.callers
    }

    pub(super) fn bad_proofs(&self) -> &Callers {
        &self.0.bad_proofs
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.means.parts.clock.now()
    }
}

impl fmt::Debug for Relayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relayer")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
