use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::super::column::exactly;
use super::super::intents::Paid;
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

/// What was executed of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// The hash of the attempt.
    pub operation: String,
    /// Where, and what it has cost the account.
    pub paid: Paid,
}

/// An operation as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOperation {
    /// Its id in lists.
    pub id: Uuid,
    /// The operation.
    pub operation: OperationRow,
    /// When it was signed first.
    pub created_at: Timestamp,
    /// When it was found executed or lost.
    pub settled_at: Option<Timestamp>,
    /// What was executed of it.
    pub executed: Option<Executed>,
}

/// Which operations to list; what is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// On this chain.
    pub chain: Option<ChainId>,
    /// Of this account.
    pub account: Option<EthAddress>,
    /// In this state: `live`, `landed`, `reverted` or `lost`.
    pub state: Option<&'static str>,
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
