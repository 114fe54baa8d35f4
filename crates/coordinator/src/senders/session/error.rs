use maci_chain::account::{ApprovalError, Refused};
use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;

/// An approval that is not kept, or not used.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalRefused {
    /// It cannot be read, or must not be.
    #[error(transparent)]
    Unreadable(#[from] ApprovalError),
    /// It does not hold.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Its owner is nobody here.
    #[error(
        "the approval is {owner}'s, who is no operator of this service; let an operator's account approve, or name the owner in the settings (session_keys.owners)"
    )]
    OtherOwner {
        /// The owner.
        owner: EthAddress,
    },
    /// The session key acts for another account already.
    #[error("session key {session} acts for account {kept} already; make another session key for account {given}")]
    OtherAccount {
        /// The session key.
        session: EthAddress,
        /// The account it acts for.
        kept: EthAddress,
        /// The account of the new approval.
        given: EthAddress,
    },
    /// The session key's own time is over.
    #[error("session key {session} ended at {} (Unix seconds); make another one and have it approved", ended.unix_seconds())]
    KeyExpired {
        /// The session key.
        session: EthAddress,
        /// When.
        ended: Timestamp,
    },
}
