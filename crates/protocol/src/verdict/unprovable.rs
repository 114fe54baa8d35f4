use std::fmt;

use crate::ids::{MessageIndex, PollRef};

/// Why a foreign circuit has no witness for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NoWitness {
    /// Accepted by the contract's curve check, yet of order 4 or 8.
    #[error("its encryption key has order 4 or 8")]
    EncryptionKeyOrder,
    /// Only relayed messages can carry one.
    #[error("its encryption key is off the curve and the circuit's multiplication divides by zero on it")]
    EncryptionKeyOffCurve,
    /// A voter has set its own key to a pair that breaks the signature check.
    #[error("it addresses a state leaf whose key is off the curve and breaks the circuit's multiplication")]
    StateKey,
    /// The point R8 of the signature meets a zero denominator.
    #[error("its signature's point R8 is off the curve and breaks the circuit's addition")]
    SignaturePoint,
    /// The credit source gave more credits than the circuit can compare.
    #[error("it addresses a state leaf with more voice credits than the circuit can compare (2^252 - 2)")]
    Balance,
}

/// A message that no prover can process with the poll's circuits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnprovableMessage {
    /// The poll it was sent to.
    pub poll: PollRef,
    /// Its place in the poll's chain.
    pub index: MessageIndex,
    /// Why.
    pub reason: NoWitness,
}

impl fmt::Display for UnprovableMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { poll, index, reason } = self;
        write!(f, "message {index} of {poll}: {reason}")
    }
}
