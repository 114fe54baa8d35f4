use std::path::PathBuf;

use maci_chain::rpc::Endpoint;
use maci_coordinator_core::networks::chain_named;
use maci_coordinator_core::senders::SenderName;
use maci_protocol::ids::ChainId;
use serde::Deserialize;

use super::fees::FeeSettings;
use super::units::parsed_list;
use crate::cli::ExplorerApi;

/// `[[chains]]`: one chain that the service works on.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct ChainSettings {
    /// Which chain.
    pub id: ChainId,
    /// What it is called, if it has a name.
    pub name: Option<String>,
    /// Its endpoints, tried in this order.
    pub rpc_urls: Vec<Endpoint>,
    /// Blocks behind the head at which a block is taken to stay; none asks the chain for its finalised block.
    pub confirmations: Option<u64>,
    /// Blocks asked for at once when logs are read; it adapts to what the endpoint answers.
    pub log_range: Option<u64>,
    /// The most paid per unit of gas there, in gwei; that of `[rounds]` if not given.
    pub fee_cap_gwei: Option<u64>,
    /// How gas is priced there; by the newest blocks if not given.
    pub fees: Option<FeeSettings>,
    /// Who verifies sources of its contracts.
    pub explorer: Option<ExplorerSettings>,
    /// Who sends there where nobody is chosen.
    pub sender: Option<SenderName>,
}

/// The section as it is written, with the chain's id or its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Option<u64>,
    name: Option<String>,
    #[serde(deserialize_with = "parsed_list")]
    rpc_urls: Vec<Endpoint>,
    confirmations: Option<u64>,
    log_range: Option<u64>,
    fee_cap_gwei: Option<u64>,
    fees: Option<FeeSettings>,
    explorer: Option<ExplorerSettings>,
    sender: Option<SenderName>,
}

/// `[chains.explorer]`: who verifies sources.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplorerSettings {
    /// Whose API it has: `sourcify` or `etherscan`.
    pub api: ExplorerApi,
    /// Where that is.
    pub url: String,
    /// File whose first line is the API key there.
    pub api_key_file: Option<PathBuf>,
}

/// A section that describes no chain.
#[derive(Debug, thiserror::Error)]
enum NoChain {
    #[error("a chain needs an `id` or a `name`")]
    Nameless,
    #[error("no chain is called `{0}`; give its `id`")]
    Unknown(String),
    #[error("chain `{name}` has the id {known}, not {given}; leave one of them out")]
    Contradiction { name: String, known: ChainId, given: u64 },
    #[error("chain {0} has no `rpc_urls`")]
    Unreachable(ChainId),
}

impl TryFrom<Written> for ChainSettings {
    type Error = NoChain;

    fn try_from(written: Written) -> Result<Self, NoChain> {
        let Written {
            id,
            name,
            rpc_urls,
            confirmations,
            log_range,
            fee_cap_gwei,
            fees,
            explorer,
            sender,
        } = written;
        let called = name.clone();
        let id = match (id, name) {
            (None, None) => return Err(NoChain::Nameless),
            (Some(id), None) => ChainId(id),
            (id, Some(name)) => match (id, chain_named(&name)) {
                (None, None) => return Err(NoChain::Unknown(name)),
                (Some(given), Some(known)) if known.0 != given => {
                    return Err(NoChain::Contradiction { name, known, given });
                }
                (Some(given), _) => ChainId(given),
                (None, Some(known)) => known,
            },
        };
        if rpc_urls.is_empty() {
            return Err(NoChain::Unreachable(id));
        }
        Ok(Self {
            id,
            name: called,
            rpc_urls,
            confirmations,
            log_range,
            fee_cap_gwei,
            fees,
            explorer,
            sender,
        })
    }
}
