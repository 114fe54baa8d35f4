use maci_protocol::ids::PollRef;

use super::{PollSummary, PollView, ProofView, Service, ServiceError, TallyView, WatchRequest};
use crate::actor::Actor;
use crate::rounds::DryRun;
use crate::verify::Report;

impl Service {
    /// The watched polls, the oldest first. Nothing is asked of any chain.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn polls(&self) -> Result<Vec<PollSummary>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Everything about a poll, watched or not. What was read from the chain is at most a few seconds old.
    ///
    /// # Errors
    /// When it does not exist or its chain cannot be asked.
    pub async fn poll(&self, _poll: PollRef) -> Result<PollView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Watches a poll from now on: it is brought to its result when its time has come. Watching a watched poll changes
    /// only whether it is paused.
    ///
    /// # Errors
    /// When it does not exist, or the actor is no operator.
    pub async fn watch_poll(&self, _actor: &Actor, _request: WatchRequest) -> Result<PollView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// No longer watches a poll; a job that is at work on it goes on.
    ///
    /// # Errors
    /// [`ServiceError::NotWatched`], or the actor is no operator.
    pub async fn unwatch_poll(&self, _actor: &Actor, _poll: PollRef) -> Result<(), ServiceError> {
        Err(ServiceError::Draining)
    }

    /// A poll's result, as written to `tally.json`.
    ///
    /// # Errors
    /// [`ServiceError::NoTally`].
    pub async fn tally(&self, _poll: PollRef) -> Result<TallyView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// The proofs that were made for a poll: message batches, then ballot batches, each in proving order.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn proofs(&self, _poll: PollRef) -> Result<Vec<ProofView>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Checks a poll's result against the chain now.
    ///
    /// # Errors
    /// [`ServiceError::NoTally`], or the chain cannot be asked.
    pub async fn verification(&self, _poll: PollRef) -> Result<Report, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// What finalising the poll now would come to, and everything that stands in the way. Reads the whole history.
    ///
    /// # Errors
    /// When the history cannot be had, or the actor is no operator.
    pub async fn dry_run(&self, _actor: &Actor, _poll: PollRef) -> Result<DryRun, ServiceError> {
        Err(ServiceError::Draining)
    }
}
