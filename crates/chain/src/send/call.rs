use std::fmt;

use maci_protocol::ids::{BlockNumber, EthAddress, TxHash};
use maci_protocol::ledger::{BlockHash, RawLog};

/// What a transaction is for, in words that are the same each time: `poll 3 of MACI 0x… on chain
/// 10: process batch 2`. One purpose is fulfilled by at most one mined transaction of a sender.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(String);

impl Purpose {
    /// A purpose; the words are its identity.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A call of a contract, or the making of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What it is for.
    pub purpose: Purpose,
    /// The contract called; none makes a new one.
    pub to: Option<EthAddress>,
    /// Selector and arguments, or the new contract's code.
    pub data: Vec<u8>,
}

/// A transaction that is on the chain and succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// Its hash.
    pub transaction: TxHash,
    /// The block it is in.
    pub block: BlockNumber,
    /// That block's hash.
    pub block_hash: BlockHash,
    /// Gas it used.
    pub gas_used: u64,
    /// The contract it made, if it was to make one.
    pub created: Option<EthAddress>,
    /// What contracts said during it, in order.
    pub logs: Vec<RawLog>,
}
