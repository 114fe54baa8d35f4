//! What the operator has decided, read once and whole.
//!
//! Later sources overrule earlier ones: the built-in defaults, one TOML file (`--config`, else `MACI_CONFIG`), the
//! environment, the command line. A key that means nothing is an error that names it; nothing is guessed.
//!
//! - `load`          the sources, one over the other, and what is wrong with them
//! - `environment`   the variables, those of the TypeScript service among them
//! - `units`         times and sizes with their unit, values that are parsed at once
//! - `secret`        texts that are never shown
//! - `server`, `auth`, `keys`, `chains`, `proving`, `relayer`, `rounds`, `storage`, `ipfs`   the sections of the file
//! - `senders`       who sends transactions
//! - `fees`          how gas is priced on a chain
//!
//! `docs/operating/maci-coordinator.toml` has every setting with its default and what it means.

mod auth;
mod chains;
mod environment;
mod fees;
mod ipfs;
mod keys;
mod load;
mod proving;
mod relayer;
mod rounds;
mod secret;
mod senders;
mod server;
mod session_keys;
mod storage;
mod units;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use maci_chain::rpc::Endpoint;
use maci_coordinator_core::senders::SenderName;
use serde::Deserialize;

pub(crate) use auth::AuthSettings;
pub(crate) use chains::ChainSettings;
pub(crate) use environment::Environment;
pub(crate) use ipfs::{BitswapSettings, IpfsSettings, PinSettings};
pub(crate) use keys::{KeySettings, Sealing};
#[cfg(test)]
pub(crate) use load::SettingsError;
pub(crate) use load::{Flags, load};
pub(crate) use proving::{CircuitSettings, ProvingSettings};
pub(crate) use relayer::RelayerSettings;
pub(crate) use rounds::RoundSettings;
pub(crate) use secret::Secret;
pub(crate) use senders::{Kind as SenderKind, SenderSettings};
pub(crate) use server::{LogFormat, LogSettings, MetricsSettings, ServerSettings, TlsSettings};
pub(crate) use session_keys::{SessionKeySettings, SponsorSettings};
pub(crate) use storage::{Objects, StorageSettings};
pub(crate) use units::{Bytes, Rate, Span};

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Folder for the database, keys and results.
    pub data_dir: PathBuf,
    /// Artifacts of the official contracts, as their npm package builds them.
    pub contracts: PathBuf,
    /// The operator's own list of contracts that may be used again in deployments, as the public list is written.
    pub known_contracts: Option<PathBuf>,
    /// Folder of backup files of relayed messages.
    pub relayed_batches: Option<PathBuf>,
    /// Endpoints of a chain that says itself which one it is: for commands, and for a service with one chain.
    #[serde(deserialize_with = "units::parsed_list")]
    pub rpc_urls: Vec<Endpoint>,
    /// The chains the service works on.
    pub chains: Vec<ChainSettings>,
    /// Who sends where nobody is chosen; the gas key if not given.
    pub sender: Option<SenderName>,
    /// Those that send transactions, by name; the gas key is there without being described.
    pub senders: BTreeMap<SenderName, SenderSettings>,
    pub session_keys: SessionKeySettings,
    pub server: ServerSettings,
    pub auth: AuthSettings,
    pub keys: KeySettings,
    pub circuits: CircuitSettings,
    pub proving: ProvingSettings,
    pub rounds: RoundSettings,
    pub relayer: RelayerSettings,
    pub storage: StorageSettings,
    pub ipfs: IpfsSettings,
    pub metrics: MetricsSettings,
    pub log: LogSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "maci-data".into(),
            contracts: "contracts/node_modules/@maci-protocol/contracts/build/artifacts".into(),
            known_contracts: None,
            relayed_batches: None,
            rpc_urls: Vec::new(),
            chains: Vec::new(),
            sender: None,
            senders: BTreeMap::new(),
            session_keys: SessionKeySettings::default(),
            server: ServerSettings::default(),
            auth: AuthSettings::default(),
            keys: KeySettings::default(),
            circuits: CircuitSettings::default(),
            proving: ProvingSettings::default(),
            rounds: RoundSettings::default(),
            relayer: RelayerSettings::default(),
            storage: StorageSettings::default(),
            ipfs: IpfsSettings::default(),
            metrics: MetricsSettings::default(),
            log: LogSettings::default(),
        }
    }
}
