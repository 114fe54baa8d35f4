//! What a chain recorded, word for word: blocks and logs on their way from the chain to the
//! database and back. Nothing here is interpreted, so nothing that was recorded can be lost.

use serde::{Deserialize, Serialize};

use crate::ids::{BlockNumber, EthAddress, TxHash};

/// The hash by which a block is told from another of the same height.
pub type BlockHash = [u8; 32];

/// One block: enough to notice that the chain has replaced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockStamp {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: BlockHash,
    /// Its timestamp, in Unix seconds.
    pub timestamp: u64,
}

/// Where in the chain's history a log stands. The order of places is the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogPlace {
    /// The block.
    pub block: BlockNumber,
    /// The transaction's index in the block.
    pub transaction: u64,
    /// The log's index in the block.
    pub log: u64,
}

/// A log as a contract emitted it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RawLog {
    /// Where it stands.
    pub place: LogPlace,
    /// The hash of its block.
    pub block_hash: BlockHash,
    /// The transaction that caused it.
    pub transaction: TxHash,
    /// The contract that emitted it.
    pub address: EthAddress,
    /// Up to four topics; the first names the event.
    pub topics: Vec<[u8; 32]>,
    /// The values that are not topics, ABI-encoded.
    pub data: Vec<u8>,
}
