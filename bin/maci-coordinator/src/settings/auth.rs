use std::path::PathBuf;

use maci_protocol::ids::{ChainId, EthAddress};
use serde::Deserialize;

use super::Span;

/// `[auth]`: who may do what, and how they prove who they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuthSettings {
    /// Addresses that may do everything, keys included.
    pub admins: Vec<EthAddress>,
    /// Addresses that may run rounds: deploy, finalise, schedule.
    pub operators: Vec<EthAddress>,
    /// Addresses that may look.
    pub viewers: Vec<EthAddress>,
    /// The service's public name (`coordinator.example.org`, with a port if it has one), which logins and signed
    /// requests carry; else `localhost` with the service's port.
    pub service: Option<String>,
    /// Further names of pages that people log in on; those of the allowed origins are among them.
    pub domains: Vec<String>,
    /// Chains that a login's message may name; any if there are none. An account is the same on all of them.
    pub chains: Vec<ChainId>,
    /// How long a login lasts.
    pub session: Span,
    /// How far ahead a signed request may expire.
    pub signed_request: Span,
    /// Whether polls and results are shown to everybody. Keys, jobs and schedules never are.
    pub public_reads: bool,
    pub rsa: RsaSettings,
    pub legacy: LegacySettings,
}

/// `[auth.rsa]`: the key pair that clients encrypt to; made in the data folder, `keys/transport-private.pem`, if none is
/// named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RsaSettings {
    /// PEM file of the public key; only compared with the private one.
    pub public_key: Option<PathBuf>,
    /// PEM file of the private key, PKCS#1 or PKCS#8.
    pub private_key: Option<PathBuf>,
}

/// `[auth.legacy]`: the TypeScript service's authorisation header, which never expires.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LegacySettings {
    /// Whether the header is taken at all.
    pub enabled: bool,
    /// The messages whose signatures are taken; those of anything else are refused.
    pub messages: Vec<String>,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            admins: Vec::new(),
            operators: Vec::new(),
            viewers: Vec::new(),
            service: None,
            domains: Vec::new(),
            chains: Vec::new(),
            session: Span::seconds(3_600),
            signed_request: Span::seconds(300),
            public_reads: true,
            rsa: RsaSettings::default(),
            legacy: LegacySettings::default(),
        }
    }
}
