use maci_crypto::trees::TreeError;

use super::WrongCoordinatorKey;
use crate::circuit::Profile;
use crate::ids::PollRef;
use crate::verdict::UnprovableMessage;

/// Why a poll cannot be finalised.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The key given is not the poll's.
    #[error(transparent)]
    WrongKey(#[from] WrongCoordinatorKey),
    /// Not even the placeholder message is there.
    #[error("{poll} has no messages, not even the one it is deployed with; read its events from its first block on")]
    NoMessages {
        /// Which poll.
        poll: PollRef,
    },
    /// A foreign profile's circuits have no witness for some messages.
    #[error(
        "{} message(s) cannot be proven with circuits of profile {profile}: {first}; \
         only circuits of profile hardened can finalise this poll",
        messages.len(),
    )]
    Unprovable {
        /// Whose circuits.
        profile: Profile,
        /// The first of them, in order of publication.
        first: UnprovableMessage,
        /// All that were found, in order of publication.
        messages: Vec<UnprovableMessage>,
    },
    /// A tree cannot hold the poll.
    #[error("the poll does not fit its trees")]
    Tree(#[from] TreeError),
}
