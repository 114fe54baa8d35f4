//! One chain, behind one or several JSON-RPC endpoints.
//!
//! - `endpoint`   an address whose secrets are never shown
//! - `failover`   the next endpoint when one fails
//! - `head`       the newest block, and the newest that will stay

mod endpoint;
mod failover;
mod head;

use std::time::Duration;

use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::client::RpcClient;
use alloy::transports::TransportError;
use maci_protocol::ids::{BlockNumber, ChainId};

pub use endpoint::{Endpoint, EndpointError};
pub use failover::Patience;
pub use head::Finality;

use crate::Remedy;
use failover::Failover;
pub(crate) use failover::causes;

/// A chain, reached through the first of its endpoints that works.
#[derive(Clone, Debug)]
pub struct Rpc {
    chain: ChainId,
    provider: DynProvider,
    failover: Failover,
    log_range: Option<u64>,
}

/// A chain that cannot be reached as it was described.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// There is nothing to ask.
    #[error("no RPC endpoint is configured for the chain")]
    NoEndpoint,
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be started: {0}")]
    Client(String),
    /// An endpoint serves another chain.
    #[error("{endpoint} serves chain {found}, but chain {expected} is configured")]
    WrongChain {
        /// The endpoint.
        endpoint: Endpoint,
        /// The chain that was asked for.
        expected: ChainId,
        /// The chain it answers for.
        found: ChainId,
    },
    /// No endpoint answered, or the answer was an error.
    #[error("{doing}: {source}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// The last answer.
        source: TransportError,
    },
    /// A block the chain must have is not known to the endpoint.
    #[error("the endpoint does not know block {0} yet; it may be behind, or the block was replaced")]
    NoBlock(BlockNumber),
}

impl RpcError {
    /// For `map_err`: what was being done when a request failed.
    pub(crate) fn doing(doing: &'static str) -> impl FnOnce(TransportError) -> Self {
        move |source| Self::Failed { doing, source }
    }

    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoEndpoint | Self::WrongChain { .. } | Self::Client(_) => Remedy::AskOperator,
            Self::Failed { .. } | Self::NoBlock(_) => Remedy::Retry,
        }
    }
}

impl Rpc {
    /// Connects and asks every reachable endpoint which chain it serves: all must serve the same
    /// one, and `expected` if that is given. At least one has to answer.
    pub async fn connect(
        endpoints: Vec<Endpoint>,
        expected: Option<ChainId>,
        patience: Patience,
    ) -> Result<Self, RpcError> {
        let mut chain = expected;
        let mut unreachable = None;
        let mut answered = false;
        for endpoint in &endpoints {
            let alone = Self::new(vec![endpoint.clone()], ChainId(0), Patience { rounds: 1, ..patience })?;
            match alone.provider.get_chain_id().await {
                Ok(found) => {
                    answered = true;
                    let expected = *chain.get_or_insert(ChainId(found));
                    if expected != ChainId(found) {
                        return Err(RpcError::WrongChain {
                            endpoint: endpoint.clone(),
                            expected,
                            found: ChainId(found),
                        });
                    }
                }
                Err(error) => {
                    tracing::warn!(%endpoint, %error, "the endpoint does not answer; others are used meanwhile");
                    unreachable = Some(error);
                }
            }
        }
        match (answered, unreachable, chain) {
            (true, _, Some(chain)) => Self::new(endpoints, chain, patience),
            (_, Some(source), _) => Err(RpcError::Failed {
                doing: "asking which chain the endpoint serves",
                source,
            }),
            (_, None, _) => Err(RpcError::NoEndpoint),
        }
    }

    fn new(endpoints: Vec<Endpoint>, chain: ChainId, patience: Patience) -> Result<Self, RpcError> {
        let local = endpoints.iter().all(Endpoint::is_local);
        let failover = Failover::new(endpoints, patience).map_err(|error| RpcError::Client(error.to_string()))?;
        let client = RpcClient::new(failover.clone(), local);
        let provider = ProviderBuilder::new()
            .disable_recommended_fillers()
            .connect_client(client)
            .erased();
        Ok(Self {
            chain,
            provider,
            failover,
            log_range: None,
        })
    }

    /// The chain.
    pub fn chain(&self) -> ChainId {
        self.chain
    }

    /// For calls through the bindings.
    pub fn provider(&self) -> &DynProvider {
        &self.provider
    }

    /// The endpoint asked first at the moment.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.failover.current()
    }

    /// How many endpoints there are.
    pub fn endpoint_count(&self) -> usize {
        self.failover.endpoints().len()
    }

    /// Moves on to the next endpoint, because what this one said was found to be untrue.
    pub fn distrust_endpoint(&self) {
        if let Some(endpoint) = self.failover.current() {
            tracing::warn!(%endpoint, "the endpoint's answers contradict the contracts; asking the next one");
        }
        self.failover.leave_current();
    }

    /// The same, with logs asked for over so many blocks at first; none leaves it to the reader.
    #[must_use]
    pub fn with_log_range(self, blocks: Option<u64>) -> Self {
        Self {
            log_range: blocks,
            ..self
        }
    }

    /// Over how many blocks logs are asked for at first, if somebody said so.
    pub fn log_range(&self) -> Option<u64> {
        self.log_range
    }

    /// How long to wait between two looks at the chain.
    pub fn look_every(&self) -> Duration {
        if self.failover.endpoints().iter().all(Endpoint::is_local) {
            Duration::from_millis(50)
        } else {
            Duration::from_secs(2)
        }
    }
}
