use super::Address;

/// The node could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its key is none.
    #[error("the node's key cannot be used: {0}")]
    Key(String),
    /// No connections can be made on this machine.
    #[error("no connections can be made: {0}")]
    Transport(String),
    /// An address that is not this machine's, or is taken.
    #[error("{address} cannot be listened on: {reason}; free it, or listen on another one")]
    Listen {
        /// The address.
        address: Address,
        /// Why.
        reason: String,
    },
    /// Nobody said that it is listened on.
    #[error("not every address was listened on within {seconds} seconds")]
    Late {
        /// What was waited.
        seconds: u64,
    },
}

/// Why a peer did not give a block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Miss {
    /// It does not have it.
    #[error("it does not have it")]
    NotThere,
    /// It gave other bytes.
    #[error("it gave other bytes than were asked for")]
    Lied,
    /// It could not be reached, or left.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// The identifier is hashed with another function than SHA-256.
    #[error("its hash is of a kind that is not checked here")]
    Uncheckable,
    /// The node is stopping.
    #[error("this node is stopping")]
    Stopping,
}
