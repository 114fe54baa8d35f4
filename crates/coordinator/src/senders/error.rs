use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, EthAddress};

use super::SenderName;
use crate::networks::network_name;

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
    /// It works otherwise than by a wallet, for what takes one.
    #[error("the sender `{name}` is no wallet of this service ({kind}); this takes one that signs by itself")]
    NoWallet {
        /// Which one.
        name: SenderName,
        /// Its kind.
        kind: &'static str,
    },
    /// Other work on the same thing goes on with another sender.
    #[error("it is being done by the sender `{other}` already; wait for it or stop that job")]
    OtherSender {
        /// Who is at it.
        other: String,
    },
}

impl SendersError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unknown { .. } | Self::NotOnChain { .. } | Self::NoSessionKey { .. } | Self::NoWallet { .. } => {
                Remedy::AskOperator
            }
            Self::OtherSender { .. } => Remedy::Retry,
        }
    }
}
