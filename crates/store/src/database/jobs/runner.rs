use tokio::sync::Mutex;
use uuid::Uuid;

use crate::error::StoreError;
use crate::lock::{Lock, Locks, Patience};

/// Who claims jobs: one opened store, until it is closed or its process ends.
#[derive(Debug)]
pub(crate) struct Runner {
    id: Uuid,
    locks: Locks,
    /// Held from the first claim on. Others see by it that this runner lives.
    life: Mutex<Option<Lock>>,
}

/// The lock of a runner that died.
pub(super) struct ProofOfDeath {
    lock: Lock,
}

impl Runner {
    pub(crate) fn new(locks: Locks) -> Self {
        Self {
            // no two stores get one name; the random part alone sees to that
            id: Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 0, 0)),
            locks,
            life: Mutex::new(None),
        }
    }

    /// Its name.
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    /// Its name, once others can see that it lives.
    pub(super) async fn alive(&self) -> Result<Uuid, StoreError> {
        let mut life = self.life.lock().await;
        let held = match life.as_mut() {
            Some(lock) => lock.is_held().await,
            None => false,
        };
        if !held {
            *life = None;
            let name = runner_lock(self.id);
            let taken = self.locks.take(&name, "run jobs", Patience::AMoment).await?;
            *life = Some(taken.map_err(|_| StoreError::RunnerTaken { runner: self.id })?);
        }
        Ok(self.id)
    }

    /// Whether another runner died; none if it lives.
    pub(super) async fn proof_of_death(&self, runner: Uuid) -> Result<Option<ProofOfDeath>, StoreError> {
        let taken = self
            .locks
            .take(&runner_lock(runner), "bury a runner", Patience::None)
            .await?;
        Ok(taken.ok().map(|lock| ProofOfDeath { lock }))
    }

    /// Lets go of what others see it live by.
    pub(crate) async fn end(&self) {
        if let Some(lock) = self.life.lock().await.take() {
            lock.bury().await;
        }
    }
}

impl ProofOfDeath {
    /// Nobody of this name comes again.
    pub(super) async fn bury(self) {
        self.lock.bury().await;
    }
}

fn runner_lock(runner: Uuid) -> String {
    format!("runner-{runner}")
}
