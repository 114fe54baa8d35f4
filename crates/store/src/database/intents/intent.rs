use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::super::column::exactly;
use crate::error::StoreError;

/// A transaction as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBytes {
    /// Its hash.
    pub hash: TxHash,
    /// Its bytes, ready to broadcast.
    pub raw: Vec<u8>,
    /// Whether it does nothing but use the nonce up.
    pub cancels: bool,
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

/// What a mined transaction has cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The block it is in.
    pub block: BlockNumber,
    /// Gas it used.
    pub gas_used: u64,
    /// In wei.
    pub wei: u128,
}

/// An intent as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentRow {
    /// Its id.
    pub id: Uuid,
    /// The intent.
    pub intent: Intent,
    /// When it was signed first; the beginning of time for rows of old versions.
    pub created_at: Timestamp,
    /// When it was found mined, superseded or called off.
    pub settled_at: Option<Timestamp>,
    /// What it has cost, once it was mined.
    pub paid: Option<Paid>,
}

/// Which intents to list; what is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntentFilter {
    /// On this chain.
    pub chain: Option<ChainId>,
    /// Of this sender.
    pub sender: Option<EthAddress>,
    /// In this state: `live`, `mined`, `reverted`, `superseded` or `cancelled`.
    pub state: Option<&'static str>,
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
    /// It was called off: this attempt was mined, which does nothing.
    Cancelled(TxHash),
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
    /// The word it is stored and shown as.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.columns().0
    }

    /// The columns `state` and `mined`.
    pub(super) fn columns(&self) -> (&'static str, Option<Vec<u8>>) {
        match self {
            Self::Live => ("live", None),
            Self::Mined(hash) => ("mined", Some(hash.0.to_vec())),
            Self::Reverted(hash) => ("reverted", Some(hash.0.to_vec())),
            Self::Superseded => ("superseded", None),
            Self::Cancelled(hash) => ("cancelled", Some(hash.0.to_vec())),
        }
    }

    pub(super) fn from_columns(state: &str, mined: Option<&[u8]>) -> Result<Self, StoreError> {
        let hash = |mined: &[u8]| exactly("an intent's mined transaction", mined).map(TxHash);
        match (state, mined) {
            ("live", None) => Ok(Self::Live),
            ("mined", Some(mined)) => hash(mined).map(Self::Mined),
            ("reverted", Some(mined)) => hash(mined).map(Self::Reverted),
            ("superseded", None) => Ok(Self::Superseded),
            ("cancelled", Some(mined)) => hash(mined).map(Self::Cancelled),
            (other, _) => Err(StoreError::DamagedRow {
                what: format!("an intent stands at `{other}`"),
            }),
        }
    }
}
