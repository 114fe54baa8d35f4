use std::collections::BTreeMap;

use maci_chain::rpc::Endpoint;
use maci_coordinator_core::networks::chain_named;
use maci_coordinator_core::senders::SenderName;
use maci_protocol::ids::{ChainId, EthAddress};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::Span;
use super::units::parsed;

/// `[session_keys]`: keys that the owners of smart accounts allow something, and by what way they act. Chains are named
/// as in MACI's tools, or by their ids.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SessionKeySettings {
    /// Bundlers, by chain.
    pub bundlers: BTreeMap<ChainKey, Url>,
    /// Who pays instead of accounts, by chain.
    pub sponsors: BTreeMap<ChainKey, SponsorSettings>,
    /// Senders of this service that pay on chains without a bundler.
    pub payers: BTreeMap<ChainKey, SenderName>,
    /// How long a session key signs after it was made.
    pub lifetime: Span,
    /// The longest time an approval may be used for.
    pub longest_approval: Span,
    /// Whether approvals without an end are kept.
    pub endless_approvals: bool,
    /// Whether approvals have to bound calls or gas.
    pub bounded_approvals: bool,
    /// Owners whose accounts may be used; this service's admins and operators if none is named.
    pub owners: Vec<EthAddress>,
}

/// `[session_keys.sponsors.<chain>]`: who pays instead of accounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum SponsorSettings {
    /// By ZeroDev's own method.
    Zerodev { url: Url },
    /// By ERC-7677.
    Erc7677 {
        url: Url,
        /// What the sponsor wants to be told.
        #[serde(default)]
        context: Value,
    },
}

/// An endpoint as it is written.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Url(#[serde(deserialize_with = "parsed")] pub Endpoint);

/// A chain as a table's key: by its name or its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChainKey(pub ChainId);

impl<'de> Deserialize<'de> for ChainKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let chain = chain_named(&text).or_else(|| text.parse().ok());
        let unknown = || de::Error::custom(format!("no chain is called `{text}`; give its id"));
        chain.map(Self).ok_or_else(unknown)
    }
}

impl Default for SessionKeySettings {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            bundlers: BTreeMap::new(),
            sponsors: BTreeMap::new(),
            payers: BTreeMap::new(),
            lifetime: Span::seconds(90 * DAY),
            longest_approval: Span::seconds(90 * DAY),
            endless_approvals: false,
            bounded_approvals: false,
            owners: Vec::new(),
        }
    }
}
