use std::time::Duration;

use maci_coordinator_core::access::message_digest;
use maci_protocol::ids::ChainId;

use super::Roles;

/// Who may come in, and how.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// This service's public name, such as `coordinator.example.org` or `localhost:3000`: signed requests carry it.
    pub service: String,
    /// Names of the pages people log in on: the host and port of the service itself and of its frontends.
    pub domains: Vec<String>,
    /// Chains a login may name; none is any.
    pub chains: Vec<ChainId>,
    /// Addresses and what they may do.
    pub roles: Roles,
    /// How long a token lasts.
    pub token_lifetime: Duration,
    /// How far ahead a signed request may expire.
    pub request_lifetime: Duration,
    /// Whether polls, results and the like are shown to everybody. Keys, jobs and schedules never are.
    pub public_reads: bool,
    /// The existing service's header, if it is to work.
    pub legacy: Option<LegacySettings>,
}

/// The existing service's header: a signature that can be used for ever by whoever sees it, so it works only for
/// messages that are listed, and never makes an admin.
#[derive(Debug, Clone, Default)]
pub struct LegacySettings {
    digests: Vec<[u8; 32]>,
}

impl AuthSettings {
    /// Nobody may do anything yet; logins on the service's own name, tokens of one hour.
    #[must_use]
    pub fn new(service: impl Into<String>) -> Self {
        let service = service.into();
        Self {
            domains: vec![service.clone()],
            service,
            chains: Vec::new(),
            roles: Roles::default(),
            token_lifetime: Duration::from_secs(60 * 60),
            request_lifetime: Duration::from_secs(5 * 60),
            public_reads: true,
            legacy: None,
        }
    }
}

impl LegacySettings {
    /// The texts whose signatures are logins, such as `message`, which the existing helper script signs.
    pub fn of_messages<'a>(messages: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            digests: messages.into_iter().map(message_digest).collect(),
        }
    }

    /// Whether a digest is of a listed text.
    #[must_use]
    pub fn lists(&self, digest: &[u8; 32]) -> bool {
        self.digests.contains(digest)
    }
}
