//! The sender's memory, kept in the store.

use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use maci_chain::send::{Begun, Intent, IntentLog, IntentLogError, IntentState, Paid, Purpose, SignedTransaction};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::{Intents, SignedBytes, StoreError};

use crate::clock::{Clock, SystemClock};
use crate::crash::{crash_point, crash_point_of};

/// What the sender signed, in the store's tables: a crash at any instant leaves either nothing signed or something to
/// take up again.
#[derive(Debug, Clone)]
pub struct StoredIntents {
    intents: Intents,
    clock: Arc<dyn Clock>,
}

impl StoredIntents {
    /// Keeps intents in these tables.
    #[must_use]
    pub fn new(intents: Intents) -> Self {
        Self {
            intents,
            clock: Arc::new(SystemClock),
        }
    }

    /// The same, by another clock than the system's.
    #[must_use]
    pub fn by(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    async fn write(&self, intent: &Intent, state: IntentState, paid: Option<Paid>) -> Result<(), IntentLogError> {
        let subject = || intent.purpose.as_str().to_owned();
        crash_point_of("mined", subject);
        let paid = paid.map(|paid| maci_store::Paid {
            block: paid.block,
            gas_used: paid.gas_used,
            wei: paid.wei,
        });
        let (key, now) = (key(intent), self.clock.now());
        let settled = self.intents.settle(&key, written(state), paid, now).await;
        settled.map_err(failed)?;
        crash_point_of("intent-settled", subject);
        Ok(())
    }
}

impl IntentLog for StoredIntents {
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<Intent>, IntentLogError>> {
        async move {
            self.intents
                .newest(chain, purpose.as_str())
                .await
                .map(|found| found.map(read))
                .map_err(failed)
        }
        .boxed()
    }

    fn live(&self, chain: ChainId, sender: EthAddress) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>> {
        async move {
            let live = self.intents.live(chain, sender).await.map_err(failed)?;
            Ok(live.into_iter().map(read).collect())
        }
        .boxed()
    }

    fn begin<'a>(&'a self, intent: &'a Intent) -> BoxFuture<'a, Result<Begun, IntentLogError>> {
        async move {
            let Some(first) = intent.attempts.first() else {
                return Err(IntentLogError("an intent without a signed transaction".into()));
            };
            let subject = || intent.purpose.as_str().to_owned();
            crash_point_of("signed", subject);
            let begun = self.intents.begin(&key(intent), &bytes(first), self.clock.now()).await;
            let begun = begun.map_err(failed)?;
            crash_point_of("intent-stored", subject);
            Ok(match begun {
                maci_store::Begun::Stored => Begun::Stored,
                maci_store::Begun::NonceTaken => Begun::NonceTaken,
                maci_store::Begun::PurposeTaken => Begun::PurposeTaken,
            })
        }
        .boxed()
    }

    fn add_attempt<'a>(
        &'a self,
        intent: &'a Intent,
        attempt: &'a SignedTransaction,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        async move {
            self.intents
                .add_attempt(&key(intent), &bytes(attempt))
                .await
                .map_err(failed)?;
            crash_point("attempt-stored");
            Ok(())
        }
        .boxed()
    }

    fn set_state<'a>(&'a self, intent: &'a Intent, state: IntentState) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.write(intent, state, None).boxed()
    }

    fn settle<'a>(
        &'a self,
        intent: &'a Intent,
        state: IntentState,
        paid: Paid,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.write(intent, state, Some(paid)).boxed()
    }

    fn since(
        &self,
        chain: ChainId,
        sender: EthAddress,
        nonce: u64,
    ) -> BoxFuture<'_, Result<Vec<Intent>, IntentLogError>> {
        async move {
            let since = self.intents.since(chain, sender, nonce).await.map_err(failed)?;
            Ok(since.into_iter().map(read).collect())
        }
        .boxed()
    }
}

fn failed(error: StoreError) -> IntentLogError {
    IntentLogError(Box::new(error))
}

fn key(intent: &Intent) -> maci_store::IntentKey {
    maci_store::IntentKey {
        chain: intent.chain,
        purpose: intent.purpose.as_str().to_owned(),
        sender: intent.sender,
        nonce: intent.nonce,
    }
}

fn bytes(attempt: &SignedTransaction) -> SignedBytes {
    SignedBytes {
        hash: attempt.hash,
        raw: attempt.raw.clone(),
        cancels: attempt.cancels,
    }
}

fn written(state: IntentState) -> maci_store::IntentState {
    match state {
        IntentState::Live => maci_store::IntentState::Live,
        IntentState::Mined(hash) => maci_store::IntentState::Mined(hash),
        IntentState::Reverted(hash) => maci_store::IntentState::Reverted(hash),
        IntentState::Superseded => maci_store::IntentState::Superseded,
        IntentState::Cancelled(hash) => maci_store::IntentState::Cancelled(hash),
    }
}

pub(crate) fn read(intent: maci_store::Intent) -> Intent {
    Intent {
        purpose: Purpose::new(intent.key.purpose),
        chain: intent.key.chain,
        sender: intent.key.sender,
        nonce: intent.key.nonce,
        state: match intent.state {
            maci_store::IntentState::Live => IntentState::Live,
            maci_store::IntentState::Mined(hash) => IntentState::Mined(hash),
            maci_store::IntentState::Reverted(hash) => IntentState::Reverted(hash),
            maci_store::IntentState::Superseded => IntentState::Superseded,
            maci_store::IntentState::Cancelled(hash) => IntentState::Cancelled(hash),
        },
        attempts: intent
            .attempts
            .into_iter()
            .map(|attempt| SignedTransaction {
                hash: attempt.hash,
                raw: attempt.raw,
                cancels: attempt.cancels,
            })
            .collect(),
    }
}
