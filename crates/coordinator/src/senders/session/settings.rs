use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use maci_chain::account::Terms;
use maci_chain::rpc::Endpoint;
use maci_protocol::ids::{ChainId, EthAddress};
use serde_json::Value;

use crate::senders::SenderName;

/// How session keys are made, approved and used.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// By what way operations reach each chain; session keys cannot be used on others.
    pub routes: BTreeMap<ChainId, RouteSettings>,
    /// How long a session key signs after it was made.
    pub lifetime: Duration,
    /// What approvals may be.
    pub terms: Terms,
    /// Whose accounts may be used; everybody's if not given.
    pub owners: Option<BTreeSet<EthAddress>>,
}

/// By what way operations reach a chain.
#[derive(Debug, Clone, Default)]
pub struct RouteSettings {
    /// The bundler.
    pub bundler: Option<Endpoint>,
    /// Who pays instead of accounts.
    pub sponsor: Option<SponsorSettings>,
    /// Without a bundler: the sender of this service that calls the EntryPoint and pays for gas.
    pub payer: Option<SenderName>,
}

/// Who pays instead of accounts.
#[derive(Debug, Clone)]
pub enum SponsorSettings {
    /// By ZeroDev's own method.
    ZeroDev(Endpoint),
    /// By ERC-7677.
    Erc7677 {
        /// Where.
        endpoint: Endpoint,
        /// What the sponsor wants to be told.
        context: Value,
    },
}

impl Default for SessionSettings {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            routes: BTreeMap::new(),
            lifetime: Duration::from_secs(90 * DAY),
            terms: Terms {
                longest: Some(90 * DAY),
                bounded: false,
            },
            owners: None,
        }
    }
}
