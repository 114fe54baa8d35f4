use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};

use super::super::column::exactly;
use crate::error::StoreError;

/// Which operation: by the hash of what was signed first for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OperationKey(pub String);

/// An operation that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOperation {
    /// Which one.
    pub key: OperationKey,
    /// The chain.
    pub chain: ChainId,
    /// The account.
    pub account: EthAddress,
    /// The nonce its attempts share, as `0x` and 64 digits.
    pub nonce: String,
    /// What it is for, in the order of its calls.
    pub purposes: Vec<String>,
    /// The newest block when it was made.
    pub since: BlockNumber,
    /// What was signed, as bundlers take it.
    pub document: String,
}

/// An operation with everything signed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRow {
    /// Which one.
    pub key: OperationKey,
    /// The chain.
    pub chain: ChainId,
    /// The account.
    pub account: EthAddress,
    /// The nonce its attempts share, as `0x` and 64 digits.
    pub nonce: String,
    /// What it is for, in the order of its calls.
    pub purposes: Vec<String>,
    /// The newest block when it was made.
    pub since: BlockNumber,
    /// How it stands.
    pub state: OperationState,
    /// What was signed, the oldest first; never empty.
    pub documents: Vec<String>,
}

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// It may still be mined.
    Live,
    /// It succeeded in this transaction.
    Landed(TxHash),
    /// In this transaction its calls were refused.
    Reverted(TxHash),
    /// It can never be mined.
    Lost,
}

/// What became of a new operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationBegun {
    /// It is on the disk and may be sent.
    Stored,
    /// A live operation of this account has the nonce.
    NonceTaken,
    /// A live operation has this purpose.
    PurposeTaken(String),
}

impl OperationState {
    /// The columns `state` and `mined`.
    pub(super) fn columns(&self) -> (&'static str, Option<Vec<u8>>) {
        match self {
            Self::Live => ("live", None),
            Self::Landed(hash) => ("landed", Some(hash.0.to_vec())),
            Self::Reverted(hash) => ("reverted", Some(hash.0.to_vec())),
            Self::Lost => ("lost", None),
        }
    }

    pub(super) fn from_columns(state: &str, mined: Option<&[u8]>) -> Result<Self, StoreError> {
        let hash = |mined: &[u8]| exactly("an operation's transaction", mined).map(TxHash);
        match (state, mined) {
            ("live", None) => Ok(Self::Live),
            ("landed", Some(mined)) => hash(mined).map(Self::Landed),
            ("reverted", Some(mined)) => hash(mined).map(Self::Reverted),
            ("lost", None) => Ok(Self::Lost),
            (other, _) => Err(StoreError::DamagedRow {
                what: format!("an operation stands at `{other}`"),
            }),
        }
    }
}
