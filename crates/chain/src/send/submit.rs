use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::{EthAddress, TxHash};

use super::{Call, Denied, IntentLogError, Landed, Purpose, Revert};
use crate::Remedy;
use crate::account::AccountError;
use crate::rpc::RpcError;

/// Something that puts calls on a chain: a wallet here, other kinds of accounts elsewhere.
pub trait Submit: Send + Sync {
    /// The address contracts will see as the caller.
    fn caller(&self) -> EthAddress;

    /// Does the call unless that has already happened, and answers where it landed.
    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>>;

    /// Does calls that do not depend on one another, and answers in their order. One after the other, unless the
    /// sender can do better; one that fails does not keep the others back.
    fn submit_all(&self, calls: Vec<Call>) -> BoxFuture<'_, Vec<Result<Landed, SendError>>> {
        async move {
            let mut landed = Vec::with_capacity(calls.len());
            for call in calls {
                landed.push(self.submit(call).await);
            }
            landed
        }
        .boxed()
    }
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
    #[error(
        "{purpose}: {sender} has {balance} wei and needs up to {needed}, with what it is to keep; send it the difference"
    )]
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
    /// It was handed out to be signed by somebody's own wallet, and nobody did so yet.
    #[error("{purpose}: {account} has not sent it yet; it waits in the list of exported calls")]
    Unsent {
        /// What it was for.
        purpose: Purpose,
        /// Whose wallet.
        account: EthAddress,
    },
    /// The call was taken back before anybody sent it.
    #[error("{purpose}: the exported call was withdrawn; asked again, it is handed out again")]
    Withdrawn {
        /// What it was for.
        purpose: Purpose,
    },
    /// What somebody's own wallet sent is something else.
    #[error("{purpose}: transaction {transaction} is not what was asked for: {reason}")]
    NotAsAsked {
        /// What it was for.
        purpose: Purpose,
        /// The transaction.
        transaction: TxHash,
        /// How it differs.
        reason: String,
    },
    /// Somebody called it off.
    #[error("{purpose}: it was called off by transaction {transaction}; asked again, it is sent again")]
    Cancelled {
        /// What it was for.
        purpose: Purpose,
        /// The transaction that used its nonce up.
        transaction: TxHash,
    },
    /// It waits to be mined no longer.
    #[error("{purpose}: it does not wait to be mined any more, so there is nothing to change")]
    Over {
        /// What it was for.
        purpose: Purpose,
    },
    /// Another sender has a transaction for the purpose on its way.
    #[error("{purpose}: {other} signed a transaction for it that is on its way; wait for it or call it off")]
    OtherSender {
        /// What it was for.
        purpose: Purpose,
        /// Who signed.
        other: EthAddress,
    },
    /// The operator does not let it be signed.
    #[error("{purpose}: {reason}")]
    Denied {
        /// What it was for.
        purpose: Purpose,
        /// Why not.
        reason: Denied,
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
    /// A smart account cannot act by its session key.
    #[error("{purpose}: {source}")]
    Account {
        /// What it was for.
        purpose: Purpose,
        /// Why.
        source: Box<AccountError>,
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
            Self::WouldRevert { .. } | Self::Reverted { .. } | Self::Over { .. } => Remedy::Abandon,
            Self::Poor { .. }
            | Self::Signing { .. }
            | Self::Damaged { .. }
            | Self::TooExpensive { .. }
            | Self::NotAsAsked { .. }
            | Self::Withdrawn { .. }
            | Self::Cancelled { .. } => Remedy::AskOperator,
            Self::Denied { reason, .. } => match reason {
                Denied::Paused | Denied::OverCap { .. } => Remedy::AskOperator,
                Denied::Unknown(_) => Remedy::Retry,
            },
            Self::Unsent { .. }
            | Self::Superseded { .. }
            | Self::Pending { .. }
            | Self::OtherSender { .. }
            | Self::Log(_) => Remedy::Retry,
            Self::Account { source, .. } => source.remedy(),
            Self::Rpc(error) => error.remedy(),
        }
    }
}
