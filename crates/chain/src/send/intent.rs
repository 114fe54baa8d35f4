use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt, ready};
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};

use super::Purpose;

/// A transaction as it was signed. Fees and nonce can be read from its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedTransaction {
    /// Its hash.
    pub hash: TxHash,
    /// Its bytes, ready to broadcast.
    pub raw: Vec<u8>,
    /// Whether it does nothing but use the nonce up, so that what was signed before can no longer be mined.
    pub cancels: bool,
}

/// How an intent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentState {
    /// It may still be mined and must be followed.
    Live,
    /// This attempt was mined and succeeded.
    Mined(TxHash),
    /// This attempt was mined and the contract refused it.
    Reverted(TxHash),
    /// Another transaction took its nonce; it can never be mined.
    Superseded,
    /// Somebody called it off: this attempt, which does nothing, was mined in its place.
    Cancelled(TxHash),
}

impl IntentState {
    /// The attempt that was mined, if one was.
    #[must_use]
    pub fn mined(&self) -> Option<TxHash> {
        match self {
            Self::Mined(hash) | Self::Reverted(hash) | Self::Cancelled(hash) => Some(*hash),
            Self::Live | Self::Superseded => None,
        }
    }
}

/// What a mined transaction has cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The block it is in.
    pub block: BlockNumber,
    /// Gas it used.
    pub gas_used: u64,
    /// What its sender paid, in wei: gas, and on chains that charge for it apart, the data's place elsewhere.
    pub wei: u128,
}

/// A promise to fulfil a purpose with one nonce, whatever is offered for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// What it is for.
    pub purpose: Purpose,
    /// The chain.
    pub chain: ChainId,
    /// Who signed.
    pub sender: EthAddress,
    /// The nonce all attempts share, so that at most one of them is mined.
    pub nonce: u64,
    /// How it stands.
    pub state: IntentState,
    /// What was signed for it, the oldest first; never empty.
    pub attempts: Vec<SignedTransaction>,
}

/// What became of a new intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is stored and may be broadcast.
    Stored,
    /// A live intent of this sender has the nonce: sign with another.
    NonceTaken,
    /// A live intent has the same purpose: follow that one.
    PurposeTaken,
}

/// The log of intents failed; nothing was broadcast that it does not know.
#[derive(Debug, thiserror::Error)]
#[error("the log of signed transactions failed: {0}")]
pub struct IntentLogError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The memory of signed transactions. Whoever implements it keeps what it was given through any
/// crash, and keeps both a nonce of a sender and a purpose to one live intent at a time.
pub trait IntentLog: fmt::Debug + Send + Sync {
    /// The newest intent with this purpose, whatever its state.
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<Intent>, IntentLogError>>;

    /// The sender's live intents, ascending by nonce.
    fn live(&self, chain: ChainId, sender: EthAddress) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>>;

    /// Stores a new live intent with its first attempt, unless its nonce or purpose is taken.
    fn begin<'a>(&'a self, intent: &'a Intent) -> BoxFuture<'a, Result<Begun, IntentLogError>>;

    /// Stores a further attempt of a live intent, before it is broadcast.
    fn add_attempt<'a>(
        &'a self,
        intent: &'a Intent,
        attempt: &'a SignedTransaction,
    ) -> BoxFuture<'a, Result<(), IntentLogError>>;

    /// The sender's intents from a nonce on, whatever became of them, the newest of each nonce; ascending by nonce.
    fn since(
        &self,
        chain: ChainId,
        sender: EthAddress,
        nonce: u64,
    ) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>>;

    /// Stores that the newest intent with this purpose and nonce was mined, how, and what it cost.
    fn settle<'a>(
        &'a self,
        intent: &'a Intent,
        state: IntentState,
        _paid: Paid,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.set_state(intent, state)
    }

    /// Stores how the newest intent with this purpose and nonce stands now.
    fn set_state<'a>(&'a self, intent: &'a Intent, state: IntentState) -> BoxFuture<'a, Result<(), IntentLogError>>;
}

/// A log of intents that forgets when the process ends: for voters' and other one-off calls, and
/// for tests. Whoever must not send twice after a crash uses a database.
#[derive(Debug, Default)]
pub struct MemoryIntentLog(Mutex<Vec<Intent>>);

impl MemoryIntentLog {
    fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Vec<Intent>) -> T,
    ) -> BoxFuture<'static, Result<T, IntentLogError>> {
        let mut intents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready(Ok(act(&mut intents))).boxed()
    }
}

impl IntentLog for MemoryIntentLog {
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<Intent>, IntentLogError>> {
        self.with(|all| {
            all.iter()
                .rev()
                .find(|one| one.chain == chain && one.purpose == *purpose)
                .cloned()
        })
    }

    fn live(&self, chain: ChainId, sender: EthAddress) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>> {
        self.with(|all| {
            let mut live: Vec<_> = all
                .iter()
                .filter(|one| one.chain == chain && one.sender == sender && one.state == IntentState::Live)
                .cloned()
                .collect();
            live.sort_by_key(|one| one.nonce);
            live
        })
    }

    fn since(
        &self,
        chain: ChainId,
        sender: EthAddress,
        nonce: u64,
    ) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>> {
        self.with(move |all| {
            let own = all
                .iter()
                .filter(|one| one.chain == chain && one.sender == sender && one.nonce >= nonce);
            let newest: BTreeMap<u64, &Intent> = own.map(|one| (one.nonce, one)).collect();
            newest.into_values().cloned().collect()
        })
    }

    fn begin<'a>(&'a self, intent: &'a Intent) -> BoxFuture<'a, Result<Begun, IntentLogError>> {
        self.with(|all| {
            let mut live = all
                .iter()
                .filter(|one| one.chain == intent.chain && one.state == IntentState::Live);
            if live.clone().any(|one| one.purpose == intent.purpose) {
                return Begun::PurposeTaken;
            }
            if live.any(|one| one.sender == intent.sender && one.nonce == intent.nonce) {
                return Begun::NonceTaken;
            }
            all.push(intent.clone());
            Begun::Stored
        })
    }

    fn add_attempt<'a>(
        &'a self,
        intent: &'a Intent,
        attempt: &'a SignedTransaction,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.with(|all| {
            if let Some(stored) = newest_like(all, intent) {
                stored.attempts.push(attempt.clone());
            }
        })
    }

    fn set_state<'a>(&'a self, intent: &'a Intent, state: IntentState) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.with(|all| {
            if let Some(stored) = newest_like(all, intent) {
                stored.state = state;
            }
        })
    }
}

fn newest_like<'a>(all: &'a mut [Intent], like: &Intent) -> Option<&'a mut Intent> {
    all.iter_mut()
        .rev()
        .find(|one| one.chain == like.chain && one.purpose == like.purpose && one.nonce == like.nonce)
}
