use crate::verdict::NoWitness;

/// The first part of a statement that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A list or path has not the length the circuit's parameters say.
    #[error("{0} has not the shape of this circuit")]
    Shape(&'static str),
    /// A number is beyond what the circuit compares.
    #[error("{0} is out of range")]
    Range(&'static str),
    /// A commitment does not open to the values given.
    #[error("{0} does not open to the values given")]
    Commitment(&'static str),
    /// The messages do not lead from one batch hash to the next.
    #[error("the batch's messages do not hash to its output batch hash")]
    MessageChain,
    /// The private key is not the one behind the public value.
    #[error("the private key does not belong to {0}")]
    Key(&'static str),
    /// A path does not lead to the root.
    #[error("slot {slot}: {what} is not in the tree")]
    Membership {
        /// Message or ballot within the batch, from 0.
        slot: usize,
        /// What was looked for.
        what: &'static str,
    },
    /// The circuit cannot evaluate a message.
    #[error("slot {slot} has no witness: {reason}")]
    NoWitness {
        /// Message within the batch, from 0.
        slot: usize,
        /// Why.
        reason: NoWitness,
    },
    /// The nullifier is not the key's for this poll.
    #[error("the nullifier is not that of this key and poll")]
    Nullifier,
    /// The state tree's root does not follow.
    #[error("the path does not lead to the state root")]
    StateRoot,
}

/// Goes on when a condition holds.
pub(super) fn ensure(holds: bool, broken: Broken) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(broken) }
}
