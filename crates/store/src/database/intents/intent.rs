use maci_protocol::ids::{ChainId, EthAddress, TxHash};

use super::super::column::exactly;
use crate::error::StoreError;

/// A transaction as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBytes {
    /// Its hash.
    pub hash: TxHash,
    /// Its bytes, ready to broadcast.
    pub raw: Vec<u8>,
}

/// Which intent: the newest with this purpose, sender and nonce.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IntentKey {
    /// The chain.
    pub chain: ChainId,
    /// What it is for, in words that are the same each time.
    pub purpose: String,
    /// Who signed.
    pub sender: EthAddress,
    /// The nonce its attempts share.
    pub nonce: u64,
}

/// A promise to fulfil a purpose with one nonce, and everything signed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Which one.
    pub key: IntentKey,
    /// How it stands.
    pub state: IntentState,
    /// What was signed, the oldest first; never empty.
    pub attempts: Vec<SignedBytes>,
}

/// How an intent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentState {
    /// It may still be mined.
    Live,
    /// This attempt was mined and succeeded.
    Mined(TxHash),
    /// This attempt was mined and the contract refused it.
    Reverted(TxHash),
    /// Another transaction took its nonce.
    Superseded,
}

/// What became of a new intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is on the disk and may be broadcast.
    Stored,
    /// A live intent of this sender has the nonce.
    NonceTaken,
    /// A live intent has the purpose.
    PurposeTaken,
}

impl IntentState {
    /// The columns `state` and `mined`.
    pub(super) fn columns(&self) -> (&'static str, Option<Vec<u8>>) {
        match self {
            Self::Live => ("live", None),
            Self::Mined(hash) => ("mined", Some(hash.0.to_vec())),
            Self::Reverted(hash) => ("reverted", Some(hash.0.to_vec())),
            Self::Superseded => ("superseded", None),
        }
    }

    pub(super) fn from_columns(state: &str, mined: Option<&[u8]>) -> Result<Self, StoreError> {
        let hash = |mined: &[u8]| exactly("an intent's mined transaction", mined).map(TxHash);
        match (state, mined) {
            ("live", None) => Ok(Self::Live),
            ("mined", Some(mined)) => hash(mined).map(Self::Mined),
            ("reverted", Some(mined)) => hash(mined).map(Self::Reverted),
            ("superseded", None) => Ok(Self::Superseded),
            (other, _) => Err(StoreError::DamagedRow {
                what: format!("an intent stands at `{other}`"),
            }),
        }
    }
}
