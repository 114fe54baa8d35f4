use std::fmt;

use maci_protocol::ids::EthAddress;

use super::Mismatch;
use crate::artifacts::ContractSource;

/// Who says that a contract is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The description itself.
    Description,
    /// This deployment chose it before.
    Deployment,
    /// It was deployed from here.
    Records,
    /// The operator's list.
    Operator,
    /// The public list that comes with the coordinator.
    Public,
}

impl Origin {
    /// The word for people and clients.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Description => "the description",
            Self::Deployment => "this deployment",
            Self::Records => "earlier deployments",
            Self::Operator => "the operator's list",
            Self::Public => "the public list",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where contracts are said to be, the most trusted first.
#[derive(Debug, Clone, Default)]
pub struct Known(Vec<(String, EthAddress, Origin)>);

impl Known {
    /// Adds a contract by the name or id it is listed under, behind those that are there.
    pub fn add(&mut self, name: impl Into<String>, at: EthAddress, origin: Origin) {
        self.0.push((name.into(), at, origin));
    }

    /// Where a contract is said to be.
    pub(crate) fn of(&self, source: ContractSource) -> impl Iterator<Item = (EthAddress, Origin)> + '_ {
        let id = source.to_string();
        let same = move |name: &str| name == source.name || name == id;
        self.0
            .iter()
            .filter(move |(name, ..)| same(name))
            .map(|(_, at, origin)| (*at, *origin))
    }
}

/// A listed contract that is not used again.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What it is listed as.
    pub contract: &'static str,
    /// Where.
    pub at: EthAddress,
    /// By whom.
    pub origin: Origin,
    /// Why it is not used.
    pub reason: Mismatch,
}
