use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use maci_protocol::ids::ChainId;
use tokio_util::sync::CancellationToken;

use super::sweep::sweep;
use super::{Grace, Parts, ServiceError};
use crate::actor::{Actor, Role};
use crate::events::{Cursor, Event, EventFilter, EventLog};
use crate::finalise::start_computing_threads;
use crate::ipfs::Ipfs;
use crate::jobs::Runner;
use crate::perform::{Means, Performer};
use crate::relay::{RelayError, Relayer};
use crate::rounds::Rounds;
use crate::schedule::Engine;
use crate::senders::watch;

/// The running coordinator. Clones are the same service.
#[derive(Debug, Clone)]
pub struct Service {
    pub(super) means: Arc<Means>,
    pub(super) runner: Runner,
    pub(super) rounds: Rounds,
    pub(super) engine: Engine,
    pub(super) relayer: Option<Relayer>,
    /// Nothing new is taken.
    stopping: CancellationToken,
    /// Everything has stopped.
    closed: CancellationToken,
}

impl Service {
    /// Takes up every job, watched poll and schedule where the last process left them, and goes on. No chain is asked
    /// before it is needed, so that a service starts whatever is down.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(parts: Parts) -> Result<Self, ServiceError> {
        start_computing_threads();
        let events = EventLog::start(parts.store.events(), parts.clock.clone()).await?;
        let runner = Runner::new(
            parts.store.jobs(),
            events.clone(),
            parts.clock.clone(),
            parts.rounds.attempts,
        );
        let (means, touched) = Means::new(parts, events);
        let means = Arc::new(means);
        runner.start(Arc::new(Performer(means.clone()))).await?;
        let stopping = CancellationToken::new();
        let relayer = match means.parts.relayer.clone() {
            Some(settings) => Some(
                Relayer::start(means.clone(), settings)
                    .await
                    .map_err(ServiceError::from_relayer)?,
            ),
            None => None,
        };
        let (store, clock) = (means.parts.store.clone(), means.parts.clock.clone());
        tokio::spawn(sweep(store, clock, stopping.clone()));
        tokio::spawn(watch(means.clone(), stopping.clone()));
        tokio::spawn(means.ipfs.clone().keep_pinning(stopping.clone()));
        Ok(Self {
            rounds: Rounds::start(means.clone(), runner.clone(), touched).await?,
            engine: Engine::start(means.clone(), runner.clone()).await?,
            relayer,
            means,
            runner,
            stopping,
            closed: CancellationToken::new(),
        })
    }

    /// Stops: takes nothing new, lets proofs that are being made be stored, and leaves every job to the next process.
    /// Answers when everything has stopped; proofs, and then jobs, are each waited for no longer than the grace.
    pub async fn drain(&self, grace: Grace) {
        self.stopping.cancel();
        self.runner.stop_claiming();
        self.means.pool.stop();
        self.engine.stop().await;
        self.rounds.stop().await;
        if let Some(relayer) = &self.relayer {
            relayer.stop().await;
        }
        let proofs_end = async {
            while self.means.pool.load().0 > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(grace.0, proofs_end).await.is_err() {
            tracing::warn!("stopping while proofs are being made; they will be made again");
        }
        // a replay under way is not interrupted; whoever dies in it repeats it
        if tokio::time::timeout(grace.0, self.runner.let_go()).await.is_err() {
            tracing::warn!("stopping while jobs are at work; the next process takes them up");
        }
        self.means.events.flush().await;
        self.closed.cancel();
    }

    /// What is published, and what others have.
    #[must_use]
    pub fn ipfs(&self) -> &Ipfs {
        &self.means.ipfs
    }

    /// Whether it is stopping.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// The relayer.
    ///
    /// # Errors
    /// [`RelayError::Off`], or that the service is stopping.
    pub fn relayer(&self) -> Result<&Relayer, RelayError> {
        if self.is_draining() {
            return Err(ServiceError::Draining.into());
        }
        self.relayer.as_ref().ok_or(RelayError::Off)
    }

    /// The chain of a name as MACI's tools write it (`optimism_sepolia`), or of a decimal id.
    ///
    /// # Errors
    /// [`ServiceError::Chain`], code 10 for names nobody knows.
    pub fn chain(&self, name: &str) -> Result<ChainId, ServiceError> {
        Ok(self.means.parts.chains.named(name)?)
    }

    /// What happens from now on; with a cursor, first everything after it. The stream ends when the service has stopped.
    pub fn subscribe(
        &self,
        after: Option<Cursor>,
        filter: EventFilter,
    ) -> impl Stream<Item = Event> + Send + 'static + use<> {
        self.means.events.follow(after, filter, self.closed.clone())
    }

    /// Refuses actors who may not do what needs a role, and everybody while the service is stopping.
    pub(super) fn admit(&self, actor: &Actor, needs: Role) -> Result<(), ServiceError> {
        if self.is_draining() {
            return Err(ServiceError::Draining);
        }
        if actor.may(needs) {
            return Ok(());
        }
        Err(ServiceError::Forbidden {
            actor: actor.name.clone(),
            needs,
        })
    }
}
