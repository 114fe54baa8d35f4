use std::sync::Arc;

use futures::Stream;
use maci_protocol::ids::ChainId;

use super::{Grace, HealthReport, Parts, ServiceError};
use crate::events::{Cursor, Event, EventFilter};

/// The running coordinator. Clones are the same service.
#[derive(Debug, Clone)]
pub struct Service {
    parts: Arc<Parts>,
}

impl Service {
    /// Takes up every job, watched poll and schedule where the last process left them, and goes on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(parts: Parts) -> Result<Self, ServiceError> {
        Ok(Self { parts: Arc::new(parts) })
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Stops: takes nothing new, lets proofs that are being made be stored, and leaves every job to the next process.
    /// Answers when everything has stopped, or after the grace.
    pub async fn drain(&self, _grace: Grace) {}

    /// Whether it is stopping.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        false
    }

    /// The chain of a name as MACI's tools write it (`optimism_sepolia`), or of a decimal id.
    ///
    /// # Errors
    /// [`ServiceError::Chain`], code 10 for names nobody knows.
    pub fn chain(&self, name: &str) -> Result<ChainId, ServiceError> {
        Ok(self.parts.chains.named(name)?)
    }

    /// How everything is; asks every described chain.
    ///
    /// # Errors
    /// Never because something is unwell: that is in the report.
    pub async fn health(&self) -> Result<HealthReport, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// What happens from now on; with a cursor, first everything after it. The stream ends when the service stops.
    pub fn subscribe(
        &self,
        _after: Option<Cursor>,
        _filter: EventFilter,
    ) -> impl Stream<Item = Event> + Send + 'static + use<> {
        futures::stream::empty()
    }
}
