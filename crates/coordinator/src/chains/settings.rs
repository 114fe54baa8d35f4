use maci_chain::rpc::{Endpoint, Patience};
use maci_chain::send::{FeeCap, FeeStrategy};
use maci_protocol::ids::ChainId;

/// One chain.
#[derive(Debug, Clone)]
pub struct ChainSettings {
    /// Its id; a node that serves another one is refused.
    pub chain: ChainId,
    /// What this operator calls it, where MACI's tools have no name for it.
    pub name: Option<String>,
    /// JSON-RPC endpoints, the preferred one first.
    pub endpoints: Vec<Endpoint>,
    /// Blocks on top of one before it counts as final; the chain's own `finalized` if not given, 0 on development chains.
    pub confirmations: Option<u64>,
    /// Blocks asked for at once when logs are read; it adapts to what the endpoint answers.
    pub log_range: Option<u64>,
    /// The most paid per unit of gas there; the service's own cap if not given.
    pub fee_cap: Option<FeeCap>,
    /// How gas is priced there; by the newest blocks if not given.
    pub fees: Option<FeeStrategy>,
}

/// All chains.
#[derive(Debug, Clone, Default)]
pub struct ChainsSettings {
    /// The chains that are described.
    pub chains: Vec<ChainSettings>,
    /// Endpoints for whatever other chain is named, as the existing service has it (`COORDINATOR_RPC_URL`).
    pub any: Vec<Endpoint>,
    /// Confirmations on chains reached through `any`.
    pub any_confirmations: Option<u64>,
    /// Blocks asked for at once on chains that do not say their own.
    pub log_range: Option<u64>,
    /// How long to wait for endpoints.
    pub patience: Patience,
}
