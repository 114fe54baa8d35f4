use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ChainId, EthAddress, IdError, number_from_decimal};

/// A poll's number within its MACI contract, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PollId(pub u64);

/// Which poll, anywhere: the key of every job, table row and event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PollRef {
    /// The chain its contracts are on.
    pub chain: ChainId,
    /// The MACI contract that deployed it.
    pub maci: EthAddress,
    /// Its number there.
    pub poll: PollId,
}

/// A message's place in the poll's chain; message 0 is the placeholder every poll starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageIndex(pub u64);

/// A leaf's place in the poll's state tree; leaf 0 is the blank one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateIndex(pub u64);

impl fmt::Display for PollId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PollId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        number_from_decimal(text).map(Self)
    }
}

impl fmt::Display for PollRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain, maci, poll } = self;
        write!(f, "poll {poll} of MACI {maci} on chain {chain}")
    }
}

impl fmt::Display for MessageIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for StateIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
