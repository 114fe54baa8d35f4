use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use serde_json::Value;

/// What an explorer is handed to verify a contract.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The chain.
    pub chain: ChainId,
    /// The contract.
    pub at: EthAddress,
    /// `source:name`.
    pub id: String,
    /// The compiler's version with its commit.
    pub compiler: String,
    /// The compiler's input, without libraries.
    pub input: Value,
    /// The libraries it is linked with, as the compiler's settings name them; empty if there are none.
    pub libraries: Value,
    /// The constructor's arguments, ABI-encoded, where they are known.
    pub arguments: Option<Vec<u8>>,
    /// The transaction that made it.
    pub transaction: Option<TxHash>,
}
