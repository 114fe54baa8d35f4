use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use maci_chain::rpc::{Endpoint, Finality, Patience, Rpc, RpcError};
use maci_chain::send::SendSettings;
use maci_protocol::Remedy;
use maci_protocol::ids::ChainId;
use tokio::sync::OnceCell;

use super::{ChainSettings, ChainsSettings};
use crate::networks::{chain_named, is_development, network_name};

/// A chain that cannot be worked on.
#[derive(Debug, thiserror::Error)]
pub enum ChainsError {
    /// Neither a known name nor a number.
    #[error("`{given}` is no chain; name one as in the documentation (`optimism_sepolia`), or by its id")]
    UnknownName {
        /// What was given.
        given: String,
    },
    /// Nobody said where its nodes are.
    #[error("no RPC endpoint is configured for chain {} ({chain}); add one to the settings, or set COORDINATOR_RPC_URL", network_name(*chain))]
    NoEndpoint {
        /// The chain.
        chain: ChainId,
    },
    /// The settings describe other chains, and this one is not meant to be worked on.
    #[error("this service does not work on chain {} ({chain}); add it to the settings if it should", network_name(*chain))]
    NotServed {
        /// The chain.
        chain: ChainId,
    },
    /// The settings call it by a name that belongs to another one.
    #[error("the settings call chain {chain} `{name}`, which is the name of another chain")]
    NameTaken {
        /// The name.
        name: String,
        /// The chain.
        chain: ChainId,
    },
    /// It is described twice.
    #[error("chain {chain} is described twice in the settings")]
    Twice {
        /// The chain.
        chain: ChainId,
    },
    /// Its nodes do not answer, or are of another chain.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

impl ChainsError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::UnknownName { .. } => Remedy::Abandon,
            Self::NoEndpoint { .. } | Self::NotServed { .. } | Self::NameTaken { .. } | Self::Twice { .. } => {
                Remedy::AskOperator
            }
            Self::Rpc(error) => error.remedy(),
        }
    }
}

/// Every chain, found by name or id. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Chains(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    described: BTreeMap<ChainId, ChainSettings>,
    any: Vec<Endpoint>,
    any_confirmations: Option<u64>,
    log_range: Option<u64>,
    patience: Patience,
    connected: Mutex<BTreeMap<ChainId, Arc<OnceCell<Rpc>>>>,
}

impl Chains {
    /// The chains of these settings. Nothing is connected yet.
    ///
    /// # Errors
    /// When a chain is described twice, or under another chain's name.
    pub fn new(settings: ChainsSettings) -> Result<Self, ChainsError> {
        let mut described = BTreeMap::new();
        for one in settings.chains {
            let chain = one.chain;
            if let Some(name) = &one.name
                && chain_named(name).is_some_and(|known| known != chain)
            {
                let name = name.clone();
                return Err(ChainsError::NameTaken { name, chain });
            }
            if described.insert(chain, one).is_some() {
                return Err(ChainsError::Twice { chain });
            }
        }
        Ok(Self(Arc::new(Inner {
            described,
            any: settings.any,
            any_confirmations: settings.any_confirmations,
            log_range: settings.log_range,
            patience: settings.patience,
            connected: Mutex::default(),
        })))
    }

    /// The chain of a name, as the settings or MACI's tools write it, or of a decimal id.
    ///
    /// # Errors
    /// [`ChainsError::UnknownName`].
    pub fn named(&self, name: &str) -> Result<ChainId, ChainsError> {
        let own = |settings: &&ChainSettings| settings.name.as_deref() == Some(name);
        let own = self.0.described.values().find(own).map(|settings| settings.chain);
        own.or_else(|| chain_named(name))
            .or_else(|| name.parse().ok())
            .ok_or_else(|| ChainsError::UnknownName {
                given: name.chars().take(80).collect(),
            })
    }

    /// The chains that are described, ascending; further ones may be reached by name.
    pub fn described(&self) -> impl Iterator<Item = ChainId> + '_ {
        self.0.described.keys().copied()
    }

    /// Whether there is somebody to ask about the chain.
    #[must_use]
    pub fn has(&self, chain: ChainId) -> bool {
        self.endpoints(chain).is_ok()
    }

    /// How transactions are priced there, where everything else is as usual.
    #[must_use]
    pub fn sending(&self, chain: ChainId, usual: SendSettings) -> SendSettings {
        let own = self.0.described.get(&chain);
        SendSettings {
            fee_cap: own.and_then(|own| own.fee_cap).unwrap_or(usual.fee_cap),
            fees: own.and_then(|own| own.fees).unwrap_or(usual.fees),
            ..usual
        }
    }

    /// From when on a block of the chain is taken to stay.
    #[must_use]
    pub fn finality(&self, chain: ChainId) -> Finality {
        let given = match self.0.described.get(&chain) {
            Some(settings) => settings.confirmations,
            None => self.0.any_confirmations,
        };
        match given {
            Some(depth) => Finality::Depth(depth),
            None if is_development(chain) => Finality::Depth(0),
            None => Finality::Finalized,
        }
    }

    /// The chain, connected now if it was not yet. A failure is not kept: the next call tries again.
    ///
    /// # Errors
    /// When it has no endpoint, none answers, or one serves another chain.
    pub async fn rpc(&self, chain: ChainId) -> Result<Rpc, ChainsError> {
        let endpoints = self.endpoints(chain)?;
        let cell = {
            let mut connected = self.0.connected.lock().unwrap_or_else(PoisonError::into_inner);
            connected.entry(chain).or_default().clone()
        };
        let connecting = || Rpc::connect(endpoints.to_vec(), Some(chain), self.0.patience);
        let described = self.0.described.get(&chain).and_then(|described| described.log_range);
        let rpc = cell.get_or_try_init(connecting).await?.clone();
        Ok(rpc.with_log_range(described.or(self.0.log_range)))
    }

    fn endpoints(&self, chain: ChainId) -> Result<&[Endpoint], ChainsError> {
        let endpoints = match self.0.described.get(&chain) {
            Some(settings) => &settings.endpoints,
            None => &self.0.any,
        };
        if !endpoints.is_empty() {
            return Ok(endpoints);
        }
        Err(if self.0.described.is_empty() {
            ChainsError::NoEndpoint { chain }
        } else {
            ChainsError::NotServed { chain }
        })
    }
}

#[cfg(test)]
mod tests {
    use maci_chain::send::{FeeCap, FeeStrategy};

    use super::*;

    fn one(chain: u64) -> ChainSettings {
        ChainSettings {
            chain: ChainId(chain),
            endpoints: vec!["http://127.0.0.1:1".parse().unwrap()],
            name: None,
            confirmations: Some(3),
            log_range: None,
            fee_cap: None,
            fees: None,
        }
    }

    #[test]
    fn a_chain_is_found_by_every_name_the_tools_use_and_by_its_id() {
        let chains = Chains::new(ChainsSettings::default()).unwrap();
        for (name, id) in [
            ("localhost", 31_337),
            ("hardhat", 31_337),
            ("optimism_sepolia", 11_155_420),
            ("100", 100),
            ("4242", 4_242),
        ] {
            assert_eq!(chains.named(name).unwrap(), ChainId(id), "{name}");
        }
        assert!(matches!(chains.named("ganache"), Err(ChainsError::UnknownName { .. })));
    }

    #[test]
    fn a_chain_of_the_operator_s_own_has_its_name_its_way_of_pricing_and_its_cap() {
        let fixed = FeeStrategy::Fixed { tip: 5, max: Some(6) };
        let own = ChainSettings {
            name: Some("our_rollup".to_owned()),
            fee_cap: Some(FeeCap(7)),
            fees: Some(fixed),
            ..one(4_242)
        };
        let chains = |own| {
            Chains::new(ChainsSettings {
                chains: vec![own],
                ..ChainsSettings::default()
            })
        };
        let ours = chains(own.clone()).unwrap();
        assert_eq!(ours.named("our_rollup").unwrap(), ChainId(4_242));
        let usual = SendSettings::default();
        assert_eq!(ours.sending(ChainId(4_242), usual).fee_cap, FeeCap(7));
        assert_eq!(ours.sending(ChainId(4_242), usual).fees, fixed);
        assert_eq!(ours.sending(ChainId(1), usual).fee_cap, usual.fee_cap);
        assert_eq!(ours.sending(ChainId(1), usual).fees, usual.fees);
        let stolen = ChainSettings {
            name: Some("optimism".to_owned()),
            ..own
        };
        assert!(matches!(chains(stolen), Err(ChainsError::NameTaken { .. })));
    }

    #[test]
    fn a_chain_that_is_described_twice_is_refused() {
        let settings = ChainsSettings {
            chains: vec![one(10), one(10)],
            ..ChainsSettings::default()
        };
        assert!(matches!(Chains::new(settings), Err(ChainsError::Twice { .. })));
    }

    #[tokio::test]
    async fn a_chain_that_nobody_described_is_refused_unless_there_is_an_endpoint_for_all() {
        let settings = ChainsSettings {
            chains: vec![one(10)],
            ..ChainsSettings::default()
        };
        let chains = Chains::new(settings.clone()).unwrap();
        assert!(matches!(
            chains.rpc(ChainId(1)).await,
            Err(ChainsError::NotServed { chain: ChainId(1) })
        ));
        let none = Chains::new(ChainsSettings::default()).unwrap();
        assert!(matches!(
            none.rpc(ChainId(1)).await,
            Err(ChainsError::NoEndpoint { chain: ChainId(1) })
        ));
        assert_eq!(chains.finality(ChainId(10)), Finality::Depth(3));
        let any = ChainsSettings {
            any: vec!["http://127.0.0.1:1".parse().unwrap()],
            ..settings
        };
        assert!(Chains::new(any).unwrap().has(ChainId(1)));
    }
}
