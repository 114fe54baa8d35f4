use std::collections::BTreeMap;
use std::path::PathBuf;

use super::load::Layer;

/// How a variable's text becomes a setting's value.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// As it is.
    Text,
    /// Several texts, separated by commas.
    List,
    /// A whole number.
    Number,
    /// A whole number of milliseconds.
    Millis,
}

/// A variable's name, the setting it is, and how it is written.
type Variable = (&'static str, &'static str, Kind);

/// The variables. Those without `MACI_` are the TypeScript service's.
const VARIABLES: [Variable; 34] = [
    ("COORDINATOR_PORT", "server.port", Kind::Number),
    ("COORDINATOR_ALLOWED_ORIGINS", "server.allowed_origins", Kind::List),
    ("COORDINATOR_ADDRESSES", "auth.operators", Kind::List),
    ("COORDINATOR_PUBLIC_KEY_PATH", "auth.rsa.public_key", Kind::Text),
    ("COORDINATOR_PRIVATE_KEY_PATH", "auth.rsa.private_key", Kind::Text),
    ("COORDINATOR_MACI_PRIVATE_KEY", "keys.coordinator", Kind::Text),
    ("COORDINATOR_TALLY_ZKEY_NAME", "circuits.tally", Kind::Text),
    ("COORDINATOR_MESSAGE_PROCESS_ZKEY_NAME", "circuits.process", Kind::Text),
    ("COORDINATOR_POLL_JOINING_ZKEY_NAME", "circuits.joining", Kind::Text),
    ("COORDINATOR_POLL_JOINED_ZKEY_NAME", "circuits.joined", Kind::Text),
    ("COORDINATOR_ZKEY_PATH", "circuits.folder", Kind::Text),
    ("COORDINATOR_RAPIDSNARK_EXE", "circuits.rapidsnark", Kind::Text),
    ("COORDINATOR_RPC_URL", "rpc_urls", Kind::List),
    ("COORDINATOR_BLOCK_BATCH_SIZE", "rounds.log_range", Kind::Number),
    ("TTL", "server.rates.window", Kind::Millis),
    ("LIMIT", "server.rates.requests", Kind::Number),
    ("PRIVATE_KEY", "keys.private_key", Kind::Text),
    ("MNEMONIC", "keys.mnemonic", Kind::Text),
    ("INITIAL_INDEX", "keys.mnemonic_index", Kind::Number),
    (
        "ZERODEV_BUNDLER_RPC_OP_SEPOLIA",
        "session_keys.bundlers.optimism_sepolia",
        Kind::Text,
    ),
    ("ZERODEV_BUNDLER_RPC_OP", "session_keys.bundlers.optimism", Kind::Text),
    (
        "ZERODEV_BUNDLER_RPC_SEPOLIA",
        "session_keys.bundlers.sepolia",
        Kind::Text,
    ),
    ("MACI_DATA_DIR", "data_dir", Kind::Text),
    ("MACI_CONTRACTS", "contracts", Kind::Text),
    ("MACI_RELAYED_BATCHES", "relayed_batches", Kind::Text),
    ("MAX_MESSAGES", "relayer.per_request", Kind::Number),
    ("MACI_PASSPHRASE_FILE", "keys.passphrase_file", Kind::Text),
    ("MACI_PASSPHRASE", "keys.passphrase", Kind::Text),
    ("MACI_KEY_COST", "keys.sealing", Kind::Text),
    ("MACI_CIRCUIT_PROFILE", "circuits.profile", Kind::Text),
    ("MACI_CIRCUIT_CACHE", "circuits.cache", Kind::Text),
    ("MACI_DATABASE_URL", "storage.database_url", Kind::Text),
    ("IPFS_GATEWAY_URL", "ipfs.gateways", Kind::List),
    ("MACI_LOG", "log.filter", Kind::Text),
];

/// Variables of the TypeScript service that have nothing to set here, and why.
const UNUSED: [(&str, &str); 9] = [
    (
        "COORDINATOR_REDIS_HOST",
        "schedules are kept in the service's own database",
    ),
    (
        "COORDINATOR_REDIS_PORT",
        "schedules are kept in the service's own database",
    ),
    ("SUBGRAPH_NAME", "this version deploys no subgraphs"),
    ("SUBGRAPH_PROVIDER_URL", "this version deploys no subgraphs"),
    ("SUBGRAPH_DEPLOY_KEY", "this version deploys no subgraphs"),
    ("SUBGRAPH_FOLDER", "this version deploys no subgraphs"),
    (
        "CRON_EXPRESSION",
        "relayed messages are sent by number and age (relayer.flush_at, relayer.flush_after)",
    ),
    ("RELAYER_RPC_URL", "the relayer uses the service's own endpoints"),
    (
        "MONGO_DB_URI",
        "relayed messages are kept in the service's own database",
    ),
];

/// Starts the names of variables that set anything at all: `MACI__SERVER__LIMITS__BODY=10s`.
const ANY: &str = "MACI__";

/// The environment, read once. Variables that are set to nothing are as good as absent.
#[derive(Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// This process's.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub(crate) fn of_the_process() -> Self {
        let names = VARIABLES.iter().map(|(name, ..)| *name);
        let names = names.chain(UNUSED.iter().map(|(name, _)| *name)).chain(["MACI_CONFIG"]);
        let known = names.filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
        let any = std::env::vars_os().filter_map(|(name, text)| {
            let name = name.into_string().ok()?;
            Some((name.starts_with(ANY).then_some(name)?, text.into_string().ok()?))
        });
        known.chain(any).collect()
    }

    /// The configuration file that `MACI_CONFIG` names.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.0.get("MACI_CONFIG").map(PathBuf::from)
    }

    /// Set variables that change nothing, each with the reason.
    pub(crate) fn unused(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        UNUSED.into_iter().filter(|(name, _)| self.0.contains_key(*name))
    }

    /// What is set, a layer for each variable, so that an error can name it.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let mut layers = Vec::new();
        for (name, setting, kind) in VARIABLES {
            let Some(text) = self.0.get(name) else { continue };
            let value = kind.read(text);
            layers.push(Layer::new(format!("the environment variable {name}"), setting, value));
        }
        for (name, text) in &self.0 {
            let Some(path) = name.strip_prefix(ANY) else { continue };
            let setting = path.to_lowercase().replace("__", ".");
            let from = format!("the environment variable {name}");
            layers.push(Layer::new(from, &setting, as_toml(text)));
        }
        layers
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        let set = variables.into_iter().filter(|(_, text)| !text.is_empty());
        Self(set.collect())
    }
}

impl Kind {
    /// A text that is not of the kind stays a text, so that what reads the setting can say what is wrong.
    fn read(self, text: &str) -> toml::Value {
        let plain = || toml::Value::String(text.to_owned());
        match self {
            Self::Text => plain(),
            Self::List => toml::Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| toml::Value::String(item.to_owned()))
                    .collect(),
            ),
            Self::Number => text.trim().parse().map_or_else(|_| plain(), toml::Value::Integer),
            Self::Millis => toml::Value::String(format!("{}ms", text.trim())),
        }
    }
}

/// A value as the file would have it; what is none is a text.
fn as_toml(text: &str) -> toml::Value {
    let document = toml::from_str::<toml::Table>(&format!("value = {text}"));
    document
        .ok()
        .filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| toml::Value::String(text.to_owned()))
}
