use std::fmt;

use futures::future::BoxFuture;
use maci_protocol::ids::{ChainId, EthAddress};

use super::{IntentLogError, Purpose};

/// What is about to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// What it is for.
    pub purpose: Purpose,
    /// The chain.
    pub chain: ChainId,
    /// Who pays.
    pub sender: EthAddress,
    /// The most it can cost, in wei.
    pub most: u128,
    /// What of that was reserved before, by an attempt that this one replaces.
    pub reserved: u128,
}

/// It must not be signed now.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Somebody paused the sender.
    #[error("the sender is paused; nothing is signed until somebody lets it go on")]
    Paused,
    /// It would spend more than the operator allows.
    #[error("it may cost {asked} wei, and {spent} of the {cap} wei a day are spent or reserved; raise the cap or wait")]
    OverCap {
        /// What it may cost.
        asked: u128,
        /// What the last day took, with what is on its way.
        spent: u128,
        /// What a day may take.
        cap: u128,
    },
    /// Nobody could say.
    #[error(transparent)]
    Unknown(#[from] IntentLogError),
}

/// Whether the operator lets something be signed; asked right before.
pub trait Permit: fmt::Debug + Send + Sync {
    /// Lets it be signed, or says why not.
    fn permit<'a>(&'a self, spending: &'a Spending) -> BoxFuture<'a, Result<(), Denied>>;
}
