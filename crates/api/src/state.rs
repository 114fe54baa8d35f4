//! What routes stand on.

use maci_coordinator_core::{repeats::Repeats, service::Service};

/// What routes and sockets stand on. Clones are the same.
#[derive(Debug, Clone)]
pub struct ApiState {
    /// The service behind every interface.
    pub(crate) service: Service,
    /// Requests that come again.
    pub(crate) repeats: Repeats,
}

impl ApiState {
    /// Routes over a running service.
    #[must_use]
    pub fn new(service: Service) -> Self {
        let repeats = service.repeats();
        Self { service, repeats }
    }
}
