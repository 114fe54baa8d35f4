use std::time::Duration;

use maci_protocol::time::Timestamp;

use crate::error::StoreError;
use crate::store::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long things are kept that nobody needs for ever. Logins and nonces go when they expire; intents, schedules and the
/// audit log never go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Events; who was away for longer has missed some.
    pub events: Duration,
    /// Jobs, counted from their end.
    pub jobs: Duration,
    /// Answers for repeated requests.
    pub answers: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            events: DAY * 30,
            jobs: DAY * 90,
            answers: DAY,
        }
    }
}

/// How much was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Events.
    pub events: u64,
    /// Jobs.
    pub jobs: u64,
    /// Answers for repeated requests.
    pub answers: u64,
    /// Logins and nonces.
    pub logins: u64,
}

impl Store {
    /// Forgets what has been kept for long enough. To be called now and then; on how many machines does not matter.
    ///
    /// # Errors
    /// When the database fails; what was forgotten by then stays forgotten.
    pub async fn prune(&self, retention: &Retention, now: Timestamp) -> Result<Pruned, StoreError> {
        Ok(Pruned {
            events: self.events().prune(now.before(retention.events)).await?,
            jobs: self.jobs().prune(now.before(retention.jobs)).await?,
            answers: self.idempotency().prune(now.before(retention.answers)).await?,
            logins: self.sessions().purge(now).await?,
        })
    }
}
