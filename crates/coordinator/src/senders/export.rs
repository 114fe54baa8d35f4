use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt, join_all};
use maci_chain::rpc::Rpc;
use maci_chain::send::{Call, IntentLogError, Landed, Purpose, Seen, SendError, Submit, examine, try_out};
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_store::{ExportRow, ExportState, NewExport, Store, StoreError};
use tokio::time::Instant;

use super::SenderName;
use crate::clock::Clock;

/// Somebody's own wallet as a sender: calls are handed out through the store, somebody signs and sends them and says
/// with which transaction, and that transaction is compared with what was asked before anybody goes on.
pub(super) struct Exported {
    pub(super) name: SenderName,
    pub(super) account: EthAddress,
    pub(super) rpc: Rpc,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// How long the caller waits before it is told to ask again.
    pub(super) patience: Duration,
}

impl Submit for Exported {
    fn caller(&self) -> EthAddress {
        self.account
    }

    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>> {
        self.send(call).boxed()
    }

    /// Calls are handed out together, so that a wallet can take them as one batch.
    fn submit_all(&self, calls: Vec<Call>) -> BoxFuture<'_, Vec<Result<Landed, SendError>>> {
        join_all(calls.into_iter().map(|call| self.send(call))).boxed()
    }
}

impl Exported {
    async fn send(&self, call: Call) -> Result<Landed, SendError> {
        let started = Instant::now();
        let mut row = self.hand_out(&call).await?;
        loop {
            if let Some(landed) = self.settled(&call, &row).await? {
                return Ok(landed);
            }
            if started.elapsed() >= self.patience {
                return Err(match row.transaction {
                    Some(transaction) => SendError::Pending {
                        purpose: call.purpose,
                        transaction,
                        note: String::new(),
                    },
                    None => SendError::Unsent {
                        purpose: call.purpose,
                        account: self.account,
                    },
                });
            }
            tokio::time::sleep(self.rpc.look_every()).await;
            row = match self.store.exports().get(row.id).await.map_err(failed)? {
                Some(row) => row,
                None => self.hand_out(&call).await?,
            };
        }
    }

    /// The call in the list: the one that is there, else a new one.
    async fn hand_out(&self, call: &Call) -> Result<ExportRow, SendError> {
        let exports = self.store.exports();
        let known = exports.newest(self.rpc.chain(), call.purpose.as_str()).await;
        if let Some(known) = known.map_err(failed)?
            && matches!(
                known.state,
                ExportState::Waiting | ExportState::Sent | ExportState::Mined
            )
        {
            return Ok(known);
        }
        try_out(&self.rpc, self.account, call).await?;
        let new = NewExport {
            chain: self.rpc.chain(),
            purpose: call.purpose.as_str().to_owned(),
            sender: self.name.to_string(),
            account: self.account,
            receiver: call.to,
            payload: call.data.clone(),
        };
        exports.open(&new, self.clock.now()).await.map_err(failed)
    }

    /// Where the call landed, if it did; none if one has to look again.
    async fn settled(&self, call: &Call, row: &ExportRow) -> Result<Option<Landed>, SendError> {
        let (from, transaction) = match (row.state, row.transaction) {
            (ExportState::Waiting, _) => return Ok(None),
            (ExportState::Withdrawn, _) => {
                return Err(SendError::Withdrawn {
                    purpose: call.purpose.clone(),
                });
            }
            (from, Some(transaction)) => (from, transaction),
            (_, None) => return Ok(None),
        };
        let exports = self.store.exports();
        match examine(&self.rpc, row.export.account, call, transaction).await? {
            Seen::NotYet => Ok(None),
            Seen::Done(landed) => {
                let mined = (ExportState::Mined, Some(transaction), None);
                let written = exports.change(row.id, from, mined, self.clock.now()).await;
                written.map_err(failed)?;
                Ok(Some(*landed))
            }
            Seen::Other(reason) => {
                let refused = (ExportState::Refused, Some(transaction), Some(reason.clone()));
                let written = exports.change(row.id, from, refused, self.clock.now()).await;
                written.map_err(failed)?;
                Err(SendError::NotAsAsked {
                    purpose: call.purpose.clone(),
                    transaction,
                    reason,
                })
            }
        }
    }
}

fn failed(error: StoreError) -> SendError {
    SendError::Log(IntentLogError(Box::new(error)))
}

/// A call that somebody's own wallet is to send, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The chain.
    pub chain: ChainId,
    /// The sender's name.
    pub sender: String,
    /// What it is, and for.
    pub call: Call,
    /// The wallet that is to send it.
    pub account: EthAddress,
    /// Where it stands.
    pub state: ExportState,
    /// The transaction that is said to be it.
    pub transaction: Option<TxHash>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was handed out.
    pub created_at: maci_protocol::time::Timestamp,
}

impl From<ExportRow> for ExportView {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.id,
            chain: row.export.chain,
            sender: row.export.sender,
            call: Call {
                purpose: Purpose::new(row.export.purpose),
                to: row.export.receiver,
                data: row.export.payload,
            },
            account: row.export.account,
            state: row.state,
            transaction: row.transaction,
            reason: row.reason,
            created_at: row.created_at,
        }
    }
}

#[cfg(test)]
mod tests;
