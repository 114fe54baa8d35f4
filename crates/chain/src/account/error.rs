use std::fmt;

use alloy::primitives::{Address, B256, FixedBytes};
use alloy::sol_types::SolError;
use maci_protocol::ids::EthAddress;

use super::bindings::refusals::AccountErrors;
use super::delegation::Refused;
use super::permission::PermissionId;
use crate::Remedy;
use crate::rpc::RpcError;
use crate::words::eth_address;

/// An account that cannot act by its session key.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The approval does not hold.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The owner took the permission back.
    #[error(
        "account {account}: its owner took permission {permission} back ({how}); nothing is sent with it any more, and a new approval has to be for a new session key"
    )]
    Revoked {
        /// The account.
        account: EthAddress,
        /// The permission.
        permission: PermissionId,
        /// How.
        how: Revocation,
    },
    /// The approval was signed for a nonce that the account has left.
    #[error(
        "account {account}: the approval was signed for the account's nonce {signed}, which is {current} now: its owner took it back before it was used; a new approval is needed"
    )]
    NonceMoved {
        /// The account.
        account: EthAddress,
        /// The nonce that was signed.
        signed: u32,
        /// The account's nonce.
        current: u32,
    },
    /// Its time has not come.
    #[error("account {account}: the approval begins at {from} (Unix seconds)")]
    NotYet {
        /// The account.
        account: EthAddress,
        /// Its first second.
        from: u64,
    },
    /// A permission that should be installed is not.
    #[error(
        "account {account}: the approval says that permission {permission} is installed, but the account does not have it"
    )]
    NotInstalled {
        /// The account.
        account: EthAddress,
        /// The permission.
        permission: PermissionId,
    },
    /// No policy allows this call.
    #[error(
        "account {account}: the approval's call policy allows no call of function {selector} of {contract}; make an approval that does"
    )]
    NotAllowed {
        /// The account.
        account: EthAddress,
        /// The contract.
        contract: EthAddress,
        /// The function.
        selector: FixedBytes<4>,
    },
    /// The chain has not what accounts need.
    #[error("the chain has no {what} at {address}; session keys cannot be used there")]
    NoContract {
        /// What.
        what: &'static str,
        /// Where.
        address: Address,
    },
    /// The bundler, or the EntryPoint behind it, refused the operation.
    #[error(
        "account {account}: the {who} refused {}: {words}{}",
        operation.map_or_else(|| "the operation".to_owned(), |hash| format!("operation {hash}")),
        meaning.map(|meaning| format!(" ({meaning})")).unwrap_or_default()
    )]
    Declined {
        /// The account.
        account: EthAddress,
        /// Who refused.
        who: &'static str,
        /// The operation; none while it had no signature.
        operation: Option<B256>,
        /// Its words.
        words: String,
        /// What they mean, if that is known.
        meaning: Option<&'static str>,
    },
    /// The bundler computes another hash.
    #[error(
        "the bundler calls operation {ours} {theirs}: it serves another chain or another EntryPoint; nothing was sent that it could include"
    )]
    OtherHash {
        /// Our hash.
        ours: B256,
        /// Its hash.
        theirs: B256,
    },
    /// A bundler for another EntryPoint.
    #[error("the bundler does not take operations for EntryPoint v0.7, only for {supported}")]
    OtherEntryPoint {
        /// What it takes.
        supported: String,
    },
    /// The contract is not where it had to be.
    #[error(
        "account {account}: the new contract had to be at {expected}, but operation {operation} did not make it there"
    )]
    NotCreated {
        /// The account.
        account: EthAddress,
        /// Where it had to be.
        expected: Address,
        /// The operation.
        operation: B256,
    },
    /// It is handed over, but was not mined in time. Following it again is safe.
    #[error("account {account}: operation {operation} is not mined yet{note}; asking again goes on waiting for it")]
    Pending {
        /// The account.
        account: EthAddress,
        /// The newest attempt.
        operation: B256,
        /// The bundler's last words, if it was not content.
        note: String,
    },
    /// The session key does not sign.
    #[error("session key {session} cannot sign: {reason}")]
    Signing {
        /// The key's address.
        session: EthAddress,
        /// Why.
        reason: String,
    },
    /// A sponsor, bundler or node could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

/// How an owner took a permission back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// By raising the account's valid nonce above the permission's.
    Invalidated {
        /// The permission's nonce.
        nonce: u32,
        /// The lowest nonce that is valid.
        valid_from: u32,
    },
    /// By uninstalling it.
    Uninstalled,
}

impl fmt::Display for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalidated { nonce, valid_from } => {
                write!(f, "its nonce is {nonce}, and those below {valid_from} are invalid")
            }
            Self::Uninstalled => f.write_str("it was uninstalled"),
        }
    }
}

impl AccountError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Refused(_)
            | Self::Revoked { .. }
            | Self::NonceMoved { .. }
            | Self::NotInstalled { .. }
            | Self::NotAllowed { .. }
            | Self::NoContract { .. }
            | Self::Declined { .. }
            | Self::OtherHash { .. }
            | Self::OtherEntryPoint { .. }
            | Self::Signing { .. }
            | Self::NotCreated { .. } => Remedy::AskOperator,
            Self::NotYet { .. } | Self::Pending { .. } => Remedy::Retry,
            Self::Rpc(error) => error.remedy(),
        }
    }

    /// Whether the owner took the permission back, so that it is worth telling.
    pub fn is_revocation(&self) -> bool {
        match self {
            Self::Revoked { .. } | Self::NonceMoved { .. } => true,
            Self::Refused(_)
            | Self::NotYet { .. }
            | Self::Pending { .. }
            | Self::NotInstalled { .. }
            | Self::NotAllowed { .. }
            | Self::NoContract { .. }
            | Self::Declined { .. }
            | Self::OtherHash { .. }
            | Self::OtherEntryPoint { .. }
            | Self::NotCreated { .. }
            | Self::Signing { .. }
            | Self::Rpc(_) => false,
        }
    }

    pub(super) fn declined(account: Address, who: &'static str, operation: Option<B256>, words: &str) -> Self {
        Self::Declined {
            account: eth_address(account),
            who,
            operation,
            meaning: meaning(words),
            words: words.chars().take(300).collect(),
        }
    }
}

/// What the words of an EntryPoint's refusal mean, by its code and, if it names one, the account's error.
pub(super) fn meaning(words: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 15] = [
        (
            "c48cf8ee",
            "the approval is for another session key, account or chain, or the account's nonce has moved",
        ),
        (
            "EnableNotApproved",
            "the approval is for another session key, account or chain, or the account's nonce has moved",
        ),
        ("756688fe", "the owner took the permission back"),
        ("InvalidNonce", "the owner took the permission back"),
        ("682a6e7c", "the permission is not installed, or not for this function"),
        (
            "InvalidValidator",
            "the permission is not installed, or not for this function",
        ),
        ("3e4983f6", "a policy of the permission does not allow it"),
        ("PolicyFailed", "a policy of the permission does not allow it"),
        ("AA21", "the account cannot pay and nobody sponsors it; send it money"),
        ("AA22", "the approval's time is over or has not come"),
        ("AA24", "the session key's signature does not hold"),
        ("AA25", "another operation has taken the nonce"),
        ("AA10", "the account is there already"),
        ("AA31", "the sponsor's deposit is used up"),
        ("AA33", "the sponsor refused"),
    ];
    KNOWN
        .iter()
        .find(|(sign, _)| words.contains(sign))
        .map(|(_, meaning)| *meaning)
}

/// The account's own error behind an EntryPoint's reason, in hexadecimal digits; empty if there is none.
pub(super) fn inner_error(data: &[u8]) -> String {
    match AccountErrors::FailedOpWithRevert::abi_decode(data) {
        Ok(failed) => format!(" {}", failed.inner),
        Err(_) => String::new(),
    }
}
