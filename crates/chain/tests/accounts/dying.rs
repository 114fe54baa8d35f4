use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::{BoxFuture, FutureExt};
use maci_chain::account::{
    MemoryOperationLog, OperationBegun, OperationLog, OperationState, Policy, Route, StoredOperation, UserOperation,
};
use maci_chain::send::{IntentLogError, Purpose, Submit};
use maci_protocol::ids::{ChainId, EthAddress};

use crate::stage::{CHAIN, Stage, rings};

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// The operation is stored and was not sent.
    Stored,
    /// It is mined, and nobody noted it.
    Mined,
}

/// A log that ends its process once; what it was given before stays.
#[derive(Debug)]
struct Dying {
    kept: Arc<MemoryOperationLog>,
    at: Death,
    dead: AtomicBool,
}

impl Dying {
    fn once(kept: &Arc<MemoryOperationLog>, at: Death) -> Arc<Self> {
        Arc::new(Self {
            kept: kept.clone(),
            at,
            dead: AtomicBool::new(false),
        })
    }

    fn die(&self, at: Death) -> Result<(), IntentLogError> {
        if self.at == at && !self.dead.swap(true, Ordering::SeqCst) {
            return Err(IntentLogError("the process died".into()));
        }
        Ok(())
    }
}

impl OperationLog for Dying {
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<StoredOperation>, IntentLogError>> {
        self.kept.newest(chain, purpose)
    }

    fn live(&self, chain: ChainId, account: EthAddress) -> BoxFuture<'_, Result<Vec<StoredOperation>, IntentLogError>> {
        self.kept.live(chain, account)
    }

    fn begin<'a>(&'a self, operation: &'a StoredOperation) -> BoxFuture<'a, Result<OperationBegun, IntentLogError>> {
        async move {
            let begun = self.kept.begin(operation).await?;
            self.die(Death::Stored)?;
            Ok(begun)
        }
        .boxed()
    }

    fn add_attempt<'a>(
        &'a self,
        operation: &'a StoredOperation,
        attempt: &'a UserOperation,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.kept.add_attempt(operation, attempt)
    }

    fn set_state<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        async move {
            self.die(Death::Mined)?;
            self.kept.set_state(operation, state).await
        }
        .boxed()
    }
}

#[tokio::test]
async fn whoever_dies_at_any_point_leaves_an_operation_that_is_done_once() {
    let stage = Stage::start().await;
    let session = stage.approve(vec![Policy::sudo(), Policy::timestamp(0, stage.now().await + 1_000)], 1);
    let payer = stage.payer();
    let kept = Arc::new(MemoryOperationLog::default());
    for (number, at) in [(1, Death::Stored), (2, Death::Mined)] {
        let purpose = format!("{at:?}");
        let first = stage
            .account_with(&session, Route::Own(payer.clone()), Dying::once(&kept, at))
            .await;
        let died = first.submit(stage.ring(&purpose, number)).await.unwrap_err();
        assert!(died.to_string().contains("the process died"), "{died}");
        let signed = kept.newest(CHAIN, &Purpose::new(&purpose)).await.unwrap().unwrap();
        assert_eq!(signed.state, OperationState::Live);

        let second = stage
            .account_with(&session, Route::Own(payer.clone()), kept.clone())
            .await;
        let landed = second.submit(stage.ring(&purpose, number)).await.unwrap();
        assert_eq!(rings(&landed), [(second.caller(), number)]);
        let done = kept.newest(CHAIN, &Purpose::new(&purpose)).await.unwrap().unwrap();
        assert_eq!(done.attempts, signed.attempts, "the same bytes were handed over");
        assert_eq!(stage.rung().await, usize::try_from(number).unwrap());
    }
}

#[tokio::test]
async fn an_operation_whose_nonce_another_one_took_is_made_anew() {
    let stage = Stage::start().await;
    let session = stage.approve(vec![Policy::sudo(), Policy::timestamp(0, stage.now().await + 1_000)], 1);
    let payer = stage.payer();
    let (kept, elsewhere) = (
        Arc::new(MemoryOperationLog::default()),
        Arc::new(MemoryOperationLog::default()),
    );
    // the account is there, so that both use the same nonces
    let account = stage
        .account_with(&session, Route::Own(payer.clone()), kept.clone())
        .await;
    account.submit(stage.ring("born", 1)).await.unwrap();
    let dying = stage
        .account_with(&session, Route::Own(payer.clone()), Dying::once(&kept, Death::Stored))
        .await;
    dying.submit(stage.ring("overtaken", 2)).await.unwrap_err();

    // somebody with another memory uses the same session key
    let other = stage.account_with(&session, Route::Own(payer), elsewhere).await;
    other.submit(stage.ring("in between", 3)).await.unwrap();

    let landed = account.submit(stage.ring("overtaken", 2)).await.unwrap();
    assert_eq!(rings(&landed), [(account.caller(), 2)]);
    assert_eq!(stage.rung().await, 3);
}
