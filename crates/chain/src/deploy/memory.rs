use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt, ready};
use maci_protocol::ids::{ChainId, EthAddress, PollId, TxHash};

use super::Deployed;

/// Which step of which deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    /// The chain.
    pub chain: ChainId,
    /// The deployment's name.
    pub deployment: String,
    /// The step's name.
    pub step: String,
    /// What tells its call from others by the same name; the same for what is shared between deployments.
    pub fingerprint: String,
}

/// What is remembered of a step that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The transaction; none if it chose something that was there.
    pub transaction: Option<TxHash>,
    /// What later steps ask for, if it left something.
    pub address: Option<EthAddress>,
    /// The poll's number, if it made one.
    pub poll: Option<PollId>,
}

/// The memory failed; what was done stays done, and is found again by its intents.
#[derive(Debug, thiserror::Error)]
#[error("the record of deployments failed: {0}")]
pub struct MemoryError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The memory of deployments. Whoever implements it keeps what it was given through any crash.
pub trait Memory: fmt::Debug + Send + Sync {
    /// What a step left, if it was done.
    fn find<'a>(&'a self, key: &'a StepKey) -> BoxFuture<'a, Result<Option<Remembered>, MemoryError>>;

    /// Whether any step of the deployment was done.
    fn has_begun<'a>(&'a self, chain: ChainId, deployment: &'a str) -> BoxFuture<'a, Result<bool, MemoryError>>;

    /// Keeps what a step left, with every contract it deployed. Told again, it changes nothing.
    fn keep<'a>(
        &'a self,
        key: &'a StepKey,
        left: &'a Remembered,
        deployed: &'a [Deployed],
    ) -> BoxFuture<'a, Result<(), MemoryError>>;
}

/// A memory that forgets when the process ends: for tests.
#[derive(Debug, Default)]
pub struct Forgetful(Mutex<Vec<(StepKey, Remembered)>>);

impl Forgetful {
    fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Vec<(StepKey, Remembered)>) -> T,
    ) -> BoxFuture<'static, Result<T, MemoryError>> {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready(Ok(act(&mut steps))).boxed()
    }
}

impl Memory for Forgetful {
    fn find<'a>(&'a self, key: &'a StepKey) -> BoxFuture<'a, Result<Option<Remembered>, MemoryError>> {
        self.with(|steps| {
            let found = steps.iter().find(|(known, _)| known == key);
            found.map(|(_, left)| left.clone())
        })
    }

    fn has_begun<'a>(&'a self, chain: ChainId, deployment: &'a str) -> BoxFuture<'a, Result<bool, MemoryError>> {
        self.with(|steps| {
            let mut steps = steps.iter();
            steps.any(|(key, _)| key.chain == chain && key.deployment == deployment)
        })
    }

    fn keep<'a>(
        &'a self,
        key: &'a StepKey,
        left: &'a Remembered,
        _: &'a [Deployed],
    ) -> BoxFuture<'a, Result<(), MemoryError>> {
        self.with(|steps| {
            steps.retain(|(known, _)| known != key);
            steps.push((key.clone(), left.clone()));
        })
    }
}
