use std::fmt;
use std::sync::{Mutex, PoisonError};

use alloy::primitives::{B256, U256};
use futures::future::{BoxFuture, FutureExt, ready};
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};

use super::nonce::sequence_of;
use super::operation::UserOperation;
use crate::send::{IntentLogError, Paid, Purpose};

/// A promise to fulfil purposes with one nonce of an account, whatever is offered for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOperation {
    /// The chain.
    pub chain: ChainId,
    /// The account.
    pub account: EthAddress,
    /// The nonce that all attempts share, so that at most one of them is mined.
    pub nonce: U256,
    /// What it is for: one purpose, or those of a batch in its order; never empty.
    pub purposes: Vec<Purpose>,
    /// The newest block when it was made: it is in none before.
    pub since: BlockNumber,
    /// How it stands.
    pub state: OperationState,
    /// What was signed for it, the oldest first; never empty.
    pub attempts: Vec<UserOperation>,
}

impl StoredOperation {
    /// Its number among the operations of its permission, from 0.
    pub fn number(&self) -> u64 {
        sequence_of(self.nonce)
    }
}

/// What was executed of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executed {
    /// The hash of the attempt.
    pub operation: B256,
    /// Where, and what the account paid for it; a sponsor's money is not counted.
    pub paid: Paid,
}

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// It may still be mined and must be followed.
    Live,
    /// It succeeded in this transaction.
    Landed(TxHash),
    /// In this transaction the contract that was called refused it; its nonce is used.
    Reverted(TxHash),
    /// It can never be mined.
    Lost,
}

/// What became of a new operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationBegun {
    /// It is stored and may be sent.
    Stored,
    /// A live operation of the account has the nonce.
    NonceTaken,
    /// A live operation has this purpose: follow that one.
    PurposeTaken(Purpose),
}

/// The memory of signed operations. Whoever implements it keeps what it was given through any crash, and keeps both a
/// nonce of an account and a purpose to one live operation at a time.
pub trait OperationLog: fmt::Debug + Send + Sync {
    /// The newest operation with this purpose, whatever its state.
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<StoredOperation>, IntentLogError>>;

    /// The account's live operations.
    fn live(&self, chain: ChainId, account: EthAddress) -> BoxFuture<'_, Result<Vec<StoredOperation>, IntentLogError>>;

    /// Stores a new live operation with its first attempt, unless its nonce or a purpose is taken.
    fn begin<'a>(&'a self, operation: &'a StoredOperation) -> BoxFuture<'a, Result<OperationBegun, IntentLogError>>;

    /// Stores a further attempt of a live operation, before it is sent.
    fn add_attempt<'a>(
        &'a self,
        operation: &'a StoredOperation,
        attempt: &'a UserOperation,
    ) -> BoxFuture<'a, Result<(), IntentLogError>>;

    /// Stores that an operation was executed, how, and what it cost.
    fn settle<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
        _executed: Executed,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.set_state(operation, state)
    }

    /// Stores how an operation stands now.
    fn set_state<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
    ) -> BoxFuture<'a, Result<(), IntentLogError>>;
}

/// A log of operations that forgets when the process ends, for one-off calls and for tests.
#[derive(Debug, Default)]
pub struct MemoryOperationLog(Mutex<Vec<StoredOperation>>);

impl MemoryOperationLog {
    fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Vec<StoredOperation>) -> T,
    ) -> BoxFuture<'static, Result<T, IntentLogError>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready(Ok(act(&mut all))).boxed()
    }
}

impl OperationLog for MemoryOperationLog {
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<StoredOperation>, IntentLogError>> {
        self.with(|all| {
            let mut newest_first = all.iter().rev();
            newest_first
                .find(|one| one.chain == chain && one.purposes.contains(purpose))
                .cloned()
        })
    }

    fn live(&self, chain: ChainId, account: EthAddress) -> BoxFuture<'_, Result<Vec<StoredOperation>, IntentLogError>> {
        self.with(|all| {
            let live = all.iter().filter(|one| one.state == OperationState::Live);
            live.filter(|one| one.chain == chain && one.account == account)
                .cloned()
                .collect()
        })
    }

    fn begin<'a>(&'a self, operation: &'a StoredOperation) -> BoxFuture<'a, Result<OperationBegun, IntentLogError>> {
        self.with(|all| {
            let live = || {
                let live = all.iter().filter(|one| one.state == OperationState::Live);
                live.filter(|one| one.chain == operation.chain)
            };
            let taken = |purpose: &&Purpose| live().any(|one| one.purposes.contains(purpose));
            if let Some(purpose) = operation.purposes.iter().find(taken) {
                return OperationBegun::PurposeTaken(purpose.clone());
            }
            if live().any(|one| one.account == operation.account && one.nonce == operation.nonce) {
                return OperationBegun::NonceTaken;
            }
            all.push(operation.clone());
            OperationBegun::Stored
        })
    }

    fn add_attempt<'a>(
        &'a self,
        operation: &'a StoredOperation,
        attempt: &'a UserOperation,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.with(|all| {
            if let Some(stored) = newest_like(all, operation) {
                stored.attempts.push(attempt.clone());
            }
        })
    }

    fn set_state<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.with(|all| {
            if let Some(stored) = newest_like(all, operation) {
                stored.state = state;
            }
        })
    }
}

fn newest_like<'a>(all: &'a mut [StoredOperation], like: &StoredOperation) -> Option<&'a mut StoredOperation> {
    all.iter_mut().rev().find(|one| {
        one.chain == like.chain
            && one.account == like.account
            && one.nonce == like.nonce
            && one.purposes == like.purposes
    })
}
