use futures::future::BoxFuture;
use maci_protocol::ids::{EthAddress, TxHash};

use super::{Call, IntentLogError, Landed, Purpose, Revert};
use crate::Remedy;
use crate::rpc::RpcError;

/// Something that puts calls on a chain: a wallet here, other kinds of accounts elsewhere.
pub trait Submit: Send + Sync {
    /// The address contracts will see as the caller.
    fn caller(&self) -> EthAddress;

    /// Does the call unless that has already happened, and answers where it landed.
    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>>;
}

/// A call that did not land.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Tried out before sending, the contract refused. Nothing was sent.
    #[error("{purpose}: the contract would refuse it: {reason}")]
    WouldRevert {
        /// What it was for.
        purpose: Purpose,
        /// The contract's reason.
        reason: Revert,
    },
    /// It was mined, and the contract refused it.
    #[error("{purpose}: transaction {transaction} was refused by the contract: {reason}")]
    Reverted {
        /// What it was for.
        purpose: Purpose,
        /// The transaction.
        transaction: TxHash,
        /// The contract's reason.
        reason: Revert,
    },
    /// Another transaction of the same key took the nonce.
    #[error(
        "{purpose}: another transaction of {sender} took its nonce {nonce}; if it is still needed it can be sent again"
    )]
    Superseded {
        /// What it was for.
        purpose: Purpose,
        /// Whose nonce.
        sender: EthAddress,
        /// The nonce.
        nonce: u64,
    },
    /// The sender cannot pay.
    #[error("{purpose}: {sender} has {balance} wei and needs up to {needed}; send it the difference")]
    Poor {
        /// What it was for.
        purpose: Purpose,
        /// Who has to pay.
        sender: EthAddress,
        /// What it has, in wei.
        balance: String,
        /// What the transaction may cost, in wei.
        needed: String,
    },
    /// The chain asks for more than the operator allows.
    #[error("{purpose}: the chain asks for {asked} wei per gas, but the cap is {cap}; raise the cap or wait")]
    TooExpensive {
        /// What it was for.
        purpose: Purpose,
        /// The chain's price.
        asked: u128,
        /// The operator's cap.
        cap: u128,
    },
    /// It is signed and broadcast, but was not mined in time. Following it again is safe.
    #[error("{purpose}: transaction {transaction} is not mined yet{note}; asking again goes on waiting for it")]
    Pending {
        /// What it was for.
        purpose: Purpose,
        /// The newest attempt.
        transaction: TxHash,
        /// The endpoint's last refusal, if there was one.
        note: String,
    },
    /// The wallet refused to sign.
    #[error("{purpose}: the wallet cannot sign: {reason}")]
    Signing {
        /// What it was for.
        purpose: Purpose,
        /// The wallet's reason.
        reason: String,
    },
    /// A stored transaction cannot be read back.
    #[error("{purpose}: the stored transaction {transaction} is damaged: {reason}")]
    Damaged {
        /// What it was for.
        purpose: Purpose,
        /// Which one.
        transaction: TxHash,
        /// Why.
        reason: String,
    },
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The memory of intents failed.
    #[error(transparent)]
    Log(#[from] IntentLogError),
}

impl SendError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::WouldRevert { .. } | Self::Reverted { .. } => Remedy::Abandon,
            Self::Poor { .. } | Self::Signing { .. } | Self::Damaged { .. } | Self::TooExpensive { .. } => {
                Remedy::AskOperator
            }
            Self::Superseded { .. } | Self::Pending { .. } | Self::Log(_) => Remedy::Retry,
            Self::Rpc(error) => error.remedy(),
        }
    }
}
