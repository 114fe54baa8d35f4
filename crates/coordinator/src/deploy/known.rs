//! Where contracts are said to be: what was deployed from here, the operator's list, the public list.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maci_chain::deploy::{Known, Origin};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::{Store, StoreError};
use serde::Deserialize;
use serde_json::Value;

use super::Reuse;
use crate::networks::{names, network_name};

/// Contracts of public deployments per chain, as upstream publishes them. Facts only: nothing is used before its code was
/// compared.
const PUBLIC: &str = include_str!("../../data/public-deployments.json");

/// A list of contracts that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the list of contracts in {} cannot be read: {reason}", path.display())]
pub struct BadList {
    path: PathBuf,
    reason: String,
}

/// A contract on a list.
#[derive(Debug, Deserialize)]
struct Listed {
    contract: String,
    address: EthAddress,
}

type List = BTreeMap<String, Vec<Listed>>;

/// The operator's own list of contracts: per chain name or id a list of `{ "contract": …, "address": … }`, or a
/// `deployed-contracts.json`.
#[derive(Debug, Clone, Default)]
pub struct OperatorList(BTreeMap<String, Vec<(String, EthAddress)>>);

impl OperatorList {
    /// Reads a list.
    ///
    /// # Errors
    /// When the file cannot be read or is no list.
    pub fn read(path: &Path) -> Result<Self, BadList> {
        let bad = |reason: String| BadList {
            path: path.to_path_buf(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
        Self::parse(&text).map_err(bad)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let document: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if document.values().all(Value::is_array) {
            let list: List = serde_json::from_str(text).map_err(|error| error.to_string())?;
            let chains = list.into_iter().map(|(chain, listed)| {
                let listed = listed.into_iter().map(|one| (one.contract, one.address));
                (chain, listed.collect())
            });
            return Ok(Self(chains.collect()));
        }
        let chains = document.into_iter().map(|(chain, one)| {
            let instances = one.get("instance").and_then(Value::as_object).into_iter().flatten();
            let listed = instances.map(|(at, instance)| {
                let at = at.parse().map_err(|error| format!("{chain}: {error}"))?;
                let id = instance.get("id").and_then(Value::as_str);
                Ok((id.ok_or_else(|| format!("{chain}: {at} has no id"))?.to_owned(), at))
            });
            Ok((chain.clone(), listed.collect::<Result<_, String>>()?))
        });
        Ok(Self(chains.collect::<Result<_, String>>()?))
    }

    /// What is listed for a chain, by any of its names or its id.
    fn of(&self, chain: ChainId) -> impl Iterator<Item = &(String, EthAddress)> {
        let known = names_of(chain);
        let lists = self.0.iter().filter(move |(name, _)| known.contains(name));
        lists.flat_map(|(_, listed)| listed)
    }
}

/// Where contracts of a chain are said to be, the most trusted first.
pub(super) async fn known(
    store: &Store,
    operator: &OperatorList,
    chain: ChainId,
    reuse: Reuse,
) -> Result<Known, StoreError> {
    let mut known = Known::default();
    if reuse == Reuse::Nothing {
        return Ok(known);
    }
    for one in store.deployments_done().contracts(chain).await? {
        known.add(one.contract, one.address, Origin::Records);
    }
    for (contract, at) in operator.of(chain) {
        known.add(contract.clone(), *at, Origin::Operator);
    }
    if reuse == Reuse::Known {
        for (contract, at) in public(chain) {
            known.add(contract, at, Origin::Public);
        }
    }
    Ok(known)
}

/// The public list's contracts of a chain.
fn public(chain: ChainId) -> Vec<(String, EthAddress)> {
    // a test reads it whole
    let mut list: List = serde_json::from_str(PUBLIC).unwrap_or_default();
    let listed = names_of(chain).into_iter().filter_map(|name| list.remove(&name));
    listed.flatten().map(|one| (one.contract, one.address)).collect()
}

fn names_of(chain: ChainId) -> Vec<String> {
    let of_chain = names().filter(|(id, _)| *id == chain);
    let mut all: Vec<String> = of_chain.map(|(_, name)| name.to_owned()).collect();
    for name in [network_name(chain), chain.to_string()] {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_list_is_read_whole_and_names_chains_we_know() {
        let list: List = serde_json::from_str(PUBLIC).unwrap();
        assert_eq!(list.len(), 12);
        for (chain, listed) in &list {
            let (id, _) = names().find(|(_, name)| name == chain).unwrap();
            assert_eq!(public(id).len(), listed.len());
            assert!(listed.iter().any(|one| one.contract == "PoseidonT3"), "{chain}");
        }
        assert!(public(ChainId(31_337)).is_empty());
    }

    #[test]
    fn the_operator_s_list_is_read_in_both_shapes_and_by_name_or_id() {
        let at = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        let plain = format!(r#"{{ "31337": [{{ "contract": "Verifier", "address": "{at}" }}] }}"#);
        let file =
            format!(r#"{{ "localhost": {{ "named": {{}}, "instance": {{ "{at}": {{ "id": "Verifier" }} }} }} }}"#);
        for text in [plain, file] {
            let list = OperatorList::parse(&text).unwrap();
            let listed: Vec<_> = list.of(ChainId(31_337)).cloned().collect();
            assert_eq!(listed, [("Verifier".to_owned(), at.parse().unwrap())], "{text}");
            assert_eq!(list.of(ChainId(1)).count(), 0);
        }
        assert!(OperatorList::parse("[]").is_err());
        assert!(OperatorList::parse(r#"{ "localhost": [{ "contract": "Verifier" }] }"#).is_err());
    }
}
