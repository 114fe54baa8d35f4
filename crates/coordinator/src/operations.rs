//! A smart account's memory, kept in the store.

use std::sync::Arc;

use alloy::primitives::B256;
use futures::future::{BoxFuture, FutureExt};
use maci_chain::account::{Executed, OperationBegun, OperationLog, OperationState, StoredOperation, UserOperation};
use maci_chain::send::{IntentLogError, Purpose};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::{NewOperation, OperationKey, OperationRow, Operations, StoreError};

use crate::clock::Clock;
use crate::crash::crash_point;

/// What session keys signed, in the store's tables: a crash at any instant leaves either nothing signed or something to
/// take up again.
#[derive(Debug, Clone)]
pub struct StoredOperations {
    operations: Operations,
    clock: Arc<dyn Clock>,
}

impl StoredOperations {
    /// Keeps operations in these tables.
    #[must_use]
    pub fn new(operations: Operations, clock: Arc<dyn Clock>) -> Self {
        Self { operations, clock }
    }

    async fn write(
        &self,
        operation: &StoredOperation,
        state: OperationState,
        executed: Option<Executed>,
    ) -> Result<(), IntentLogError> {
        crash_point("operation-mined");
        let state = match state {
            OperationState::Live => maci_store::OperationState::Live,
            OperationState::Landed(hash) => maci_store::OperationState::Landed(hash),
            OperationState::Reverted(hash) => maci_store::OperationState::Reverted(hash),
            OperationState::Lost => maci_store::OperationState::Lost,
        };
        let executed = executed.map(|executed| maci_store::Executed {
            operation: executed.operation.to_string(),
            paid: maci_store::Paid {
                block: executed.paid.block,
                gas_used: executed.paid.gas_used,
                wei: executed.paid.wei,
            },
        });
        let (key, now) = (key(operation)?, self.clock.now());
        let settled = self
            .operations
            .settle(operation.chain, &key, state, executed.as_ref(), now);
        settled.await.map_err(failed)?;
        crash_point("operation-settled");
        Ok(())
    }
}

impl OperationLog for StoredOperations {
    fn newest<'a>(
        &'a self,
        chain: ChainId,
        purpose: &'a Purpose,
    ) -> BoxFuture<'a, Result<Option<StoredOperation>, IntentLogError>> {
        async move {
            let found = self.operations.newest(chain, purpose.as_str()).await.map_err(failed)?;
            found.map(read).transpose()
        }
        .boxed()
    }

    fn live(&self, chain: ChainId, account: EthAddress) -> BoxFuture<'_, Result<Vec<StoredOperation>, IntentLogError>> {
        async move {
            let live = self.operations.live(chain, account).await.map_err(failed)?;
            live.into_iter().map(read).collect()
        }
        .boxed()
    }

    fn begin<'a>(&'a self, operation: &'a StoredOperation) -> BoxFuture<'a, Result<OperationBegun, IntentLogError>> {
        async move {
            let Some(first) = operation.attempts.first() else {
                return Err(IntentLogError("an operation without anything signed".into()));
            };
            let new = NewOperation {
                key: key(operation)?,
                chain: operation.chain,
                account: operation.account,
                nonce: B256::from(operation.nonce).to_string(),
                purposes: operation
                    .purposes
                    .iter()
                    .map(|purpose| purpose.as_str().to_owned())
                    .collect(),
                since: operation.since,
                document: written(first)?,
            };
            crash_point("operation-signed");
            let begun = self.operations.begin(&new, self.clock.now()).await.map_err(failed)?;
            crash_point("operation-stored");
            Ok(match begun {
                maci_store::OperationBegun::Stored => OperationBegun::Stored,
                maci_store::OperationBegun::NonceTaken => OperationBegun::NonceTaken,
                maci_store::OperationBegun::PurposeTaken(purpose) => {
                    OperationBegun::PurposeTaken(Purpose::new(purpose))
                }
            })
        }
        .boxed()
    }

    fn add_attempt<'a>(
        &'a self,
        operation: &'a StoredOperation,
        attempt: &'a UserOperation,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        async move {
            let (key, document) = (key(operation)?, written(attempt)?);
            self.operations
                .add_attempt(operation.chain, &key, &document)
                .await
                .map_err(failed)?;
            crash_point("operation-attempt-stored");
            Ok(())
        }
        .boxed()
    }

    fn settle<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
        executed: Executed,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.write(operation, state, Some(executed)).boxed()
    }

    fn set_state<'a>(
        &'a self,
        operation: &'a StoredOperation,
        state: OperationState,
    ) -> BoxFuture<'a, Result<(), IntentLogError>> {
        self.write(operation, state, None).boxed()
    }
}

fn failed(error: StoreError) -> IntentLogError {
    IntentLogError(Box::new(error))
}

/// An operation is known by the hash of what was signed first for it.
fn key(operation: &StoredOperation) -> Result<OperationKey, IntentLogError> {
    let first = operation.attempts.first();
    let first = first.ok_or_else(|| IntentLogError("an operation without anything signed".into()))?;
    Ok(OperationKey(first.hash(operation.chain).to_string()))
}

fn written(operation: &UserOperation) -> Result<String, IntentLogError> {
    serde_json::to_string(operation).map_err(|error| IntentLogError(Box::new(error)))
}

pub(crate) fn read(row: OperationRow) -> Result<StoredOperation, IntentLogError> {
    let documents = row.documents.iter();
    let attempts: Result<Vec<UserOperation>, _> = documents.map(|document| serde_json::from_str(document)).collect();
    let stored = StoredOperation {
        chain: row.chain,
        account: row.account,
        nonce: row
            .nonce
            .parse::<B256>()
            .map(|nonce| nonce.into())
            .map_err(|error| IntentLogError(Box::new(error)))?,
        purposes: row.purposes.into_iter().map(Purpose::new).collect(),
        since: row.since,
        state: match row.state {
            maci_store::OperationState::Live => OperationState::Live,
            maci_store::OperationState::Landed(hash) => OperationState::Landed(hash),
            maci_store::OperationState::Reverted(hash) => OperationState::Reverted(hash),
            maci_store::OperationState::Lost => OperationState::Lost,
        },
        attempts: attempts.map_err(|error| IntentLogError(Box::new(error)))?,
    };
    // a row that was changed is another operation, which the session key never signed
    if key(&stored)? == row.key {
        Ok(stored)
    } else {
        Err(IntentLogError(
            format!("the stored operation {} is damaged", row.key.0).into(),
        ))
    }
}
