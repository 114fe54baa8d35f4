//! `deployed-contracts.json`: where contracts were deployed, per chain.
//!
//! Upstream's store takes a dot in an id for a path, so `…/X.sol:X` becomes `named["…/X"]["sol:X"]`
//! in the file. Both shapes are read; the nested one is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{FileError, indented};
use crate::ids::{EthAddress, PollId, TxHash};

const FILE: &str = "deployed-contracts.json";

/// All deployments, by chain name and contract id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeployedContracts {
    chains: BTreeMap<String, Chain>,
}

/// One chain's deployments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Chain {
    #[serde(default)]
    named: Map<String, Value>,
    #[serde(default)]
    instance: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    verified: Map<String, Value>,
}

/// Where a contract with an id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractRecord {
    /// Its address.
    pub address: EthAddress,
    /// How often a contract was registered under this id.
    pub count: u64,
}

/// What was deployed at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// The contract's id.
    pub id: String,
    /// The transaction that deployed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_tx_hash: Option<TxHash>,
    /// What source verification needs; only with constructor arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Verification>,
}

/// What source verification needs to know of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The constructor's arguments, as JSON text.
    pub args: String,
    /// The contract's name, where it is not the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A clone's implementation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#impl: Option<EthAddress>,
    /// Linked libraries, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libraries: Option<String>,
}

impl DeployedContracts {
    /// The file's text.
    ///
    /// # Errors
    /// None in practice; the writer's error is passed on.
    pub fn to_text(&self) -> Result<String, FileError> {
        indented(FILE, self)
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// When it is not this file's JSON.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        serde_json::from_str(text).map_err(|e| FileError::new(FILE, e))
    }

    /// Registers a contract; an earlier one under the same id is overwritten and counted.
    pub fn add(&mut self, chain: &str, poll: Option<PollId>, address: EthAddress, instance: Instance) {
        let count = self.lookup(chain, &instance.id, poll).map_or(0, |record| record.count);
        let chain = self.chains.entry(chain.to_owned()).or_default();
        let record = ContractRecord {
            address,
            count: count + 1,
        };
        let path = path(&instance.id, poll);
        // Both are structs of texts and numbers, for which there is always a JSON value.
        let (record, instance) = (serde_json::to_value(record), serde_json::to_value(instance));
        if let (Ok(record), Ok(instance)) = (record, instance) {
            put(&mut chain.named, &path, record);
            chain.instance.insert(address.to_string(), instance);
        }
    }

    /// Where the contract with an id is; contracts of a poll are found by its number as well.
    pub fn lookup(&self, chain: &str, id: &str, poll: Option<PollId>) -> Option<ContractRecord> {
        let named = &self.chains.get(chain)?.named;
        let nested = path(id, poll);
        let flat: Vec<String> = std::iter::once(id.to_owned()).chain(poll.map(poll_key)).collect();
        let found = get(named, &nested).or_else(|| get(named, &flat))?;
        ContractRecord::deserialize(found).ok()
    }

    /// What was deployed at an address; addresses are compared without regard to capitals.
    pub fn instance(&self, chain: &str, address: EthAddress) -> Option<Instance> {
        let instances = self.chains.get(chain)?.instance.iter();
        let mut same = instances.filter(|(key, _)| key.eq_ignore_ascii_case(&address.to_string()));
        Instance::deserialize(same.next()?.1).ok()
    }

    /// Notes that a contract's source is verified.
    pub fn set_verified(&mut self, chain: &str, address: EthAddress) {
        let chain = self.chains.entry(chain.to_owned()).or_default();
        chain.verified.insert(address.to_string(), Value::Bool(true));
    }

    /// Whether a contract's source is verified.
    pub fn is_verified(&self, chain: &str, address: EthAddress) -> bool {
        let verified = self.chains.get(chain).map(|chain| &chain.verified);
        verified.and_then(|verified| verified.get(&address.to_string())) == Some(&Value::Bool(true))
    }

    /// The chains with deployments.
    pub fn chains(&self) -> impl Iterator<Item = &str> {
        self.chains.keys().map(String::as_str)
    }
}

/// The way through nested objects that an id with dots takes.
fn path(id: &str, poll: Option<PollId>) -> Vec<String> {
    id.split('.').map(str::to_owned).chain(poll.map(poll_key)).collect()
}

fn poll_key(poll: PollId) -> String {
    format!("poll-{poll}")
}

fn get<'a>(object: &'a Map<String, Value>, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = object.get(first)?;
    if rest.is_empty() {
        Some(value)
    } else {
        get(value.as_object()?, rest)
    }
}

fn put(object: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        object.insert(first.clone(), value);
        return;
    }
    let inner = object.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Some(inner) = inner.as_object_mut() {
        put(inner, rest, value);
    }
}
