use maci_chain::send::{Denied, SendError};
use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, EthAddress};
use uuid::Uuid;

use super::{ApprovalRefused, SenderName};
use crate::networks::network_name;
use crate::service::StatusClass;

/// A sender that cannot be had. Nobody else sends in its place.
#[derive(Debug, thiserror::Error)]
pub enum SendersError {
    /// Nobody has the name.
    #[error("there is no sender `{name}`; there are {known}")]
    Unknown {
        /// The name.
        name: SenderName,
        /// Those there are.
        known: String,
    },
    /// It may not send there.
    #[error("the sender `{name}` may not send on chain {} ({chain}); its settings name others", network_name(*chain))]
    NotOnChain {
        /// Which one.
        name: SenderName,
        /// The chain.
        chain: ChainId,
    },
    /// The delegated key is not known, or was not allowed anything on the chain.
    #[error("this service has no delegated key {key} with an approval for chain {} ({chain})", network_name(*chain))]
    NoSessionKey {
        /// The key.
        key: EthAddress,
        /// The chain.
        chain: ChainId,
    },
    /// There is no such session key.
    #[error("this service has no session key {key}")]
    NoSuchSessionKey {
        /// Its address.
        key: EthAddress,
    },
    /// An approval is not kept, or not used any more.
    #[error(transparent)]
    Approval(#[from] ApprovalRefused),
    /// Nobody said how session keys' operations reach the chain.
    #[error("session keys cannot be used on chain {} ({chain}): the settings name neither a bundler nor a payer for it (session_keys)", network_name(*chain))]
    NoRoute {
        /// The chain.
        chain: ChainId,
    },
    /// It works otherwise than by a wallet, for what takes one.
    #[error("the sender `{name}` is no wallet of this service ({kind}); this takes one that signs by itself")]
    NoWallet {
        /// Which one.
        name: SenderName,
        /// Its kind.
        kind: &'static str,
    },
    /// It has another address than its settings say.
    #[error("the key of the sender `{name}` is that of {found}, and its settings say {expected}; nothing was signed")]
    OtherAccount {
        /// Which one.
        name: SenderName,
        /// What the settings say.
        expected: EthAddress,
        /// What the key says.
        found: EthAddress,
    },
    /// None of the senders has the address.
    #[error("no sender of this service signs for {account} on chain {} ({chain})", network_name(*chain))]
    NotOurs {
        /// The address.
        account: EthAddress,
        /// The chain.
        chain: ChainId,
    },
    /// There is no such transaction.
    #[error("there is no transaction {id}")]
    NoSuchTransaction {
        /// Which.
        id: Uuid,
    },
    /// It is an operation, which cannot be changed from here.
    #[error(
        "{id} is an operation of a smart account: more is offered for it by itself, and only the account's owner can call it off"
    )]
    Operation {
        /// Which.
        id: Uuid,
    },
    /// `default` is a different sender on each chain.
    #[error("`default` is nobody in particular; name a sender, or `session:` and a session key's address")]
    NoOneInParticular,
    /// There is no such exported call.
    #[error("there is no exported call {id}")]
    NoSuchExport {
        /// Which.
        id: Uuid,
    },
    /// The exported call does not wait any more.
    #[error("the exported call {id} does not wait to be sent any more; it is {state}")]
    ExportOver {
        /// Which.
        id: Uuid,
        /// Where it stands.
        state: &'static str,
    },
    /// A transaction could not be changed or looked after.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Other work on the same thing goes on with another sender.
    #[error("it is being done by the sender `{other}` already; wait for it or stop that job")]
    OtherSender {
        /// Who is at it.
        other: String,
    },
}

impl SendersError {
    /// What kind of failure it is.
    #[must_use]
    pub fn status_class(&self) -> StatusClass {
        match self {
            Self::Unknown { .. } | Self::NotOnChain { .. } | Self::NoRoute { .. } | Self::NoOneInParticular => {
                StatusClass::Invalid
            }
            Self::NoSessionKey { .. }
            | Self::NoSuchSessionKey { .. }
            | Self::NoSuchTransaction { .. }
            | Self::NoSuchExport { .. } => StatusClass::NotFound,
            Self::Approval(_) => StatusClass::Forbidden,
            Self::NoWallet { .. } | Self::OtherAccount { .. } | Self::NotOurs { .. } | Self::Operation { .. } => {
                StatusClass::Precondition
            }
            Self::OtherSender { .. } | Self::ExportOver { .. } => StatusClass::Conflict,
            Self::Send(
                SendError::Over { .. }
                | SendError::TooExpensive { .. }
                | SendError::OtherSender { .. }
                | SendError::Denied {
                    reason: Denied::Paused | Denied::OverCap { .. },
                    ..
                },
            ) => StatusClass::Conflict,
            Self::Send(_) => StatusClass::Internal,
        }
    }

    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unknown { .. }
            | Self::NotOnChain { .. }
            | Self::NoSessionKey { .. }
            | Self::NoSuchSessionKey { .. }
            | Self::Approval(_)
            | Self::NoRoute { .. }
            | Self::NoOneInParticular
            | Self::NoWallet { .. }
            | Self::OtherAccount { .. }
            | Self::NotOurs { .. } => Remedy::AskOperator,
            Self::NoSuchTransaction { .. }
            | Self::NoSuchExport { .. }
            | Self::ExportOver { .. }
            | Self::Operation { .. } => Remedy::Abandon,
            Self::Send(error) => error.remedy(),
            Self::OtherSender { .. } => Remedy::Retry,
        }
    }
}
