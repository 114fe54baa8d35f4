use alloy::eips::BlockId;
use alloy::primitives::aliases::U192;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use maci_protocol::ids::{BlockNumber, EthAddress, TxHash};

use super::bindings::IEntryPoint;
use super::bundler::Bundler;
use super::error::AccountError;
use super::known::ENTRY_POINT;
use super::memory::{OperationLog, StoredOperation};
use super::nonce::{key_of, sequence_of};
use super::outcome::Outcome;
use super::standing::asking;
use crate::rpc::{Rpc, RpcError};
use crate::send::{Purpose, SendError, read_receipt};
use crate::words::{address, tx_hash};

/// What a look at an account's operations found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedAfter {
    /// Were executed since somebody last looked.
    pub settled: usize,
    /// Wait to be executed.
    pub waiting: Vec<StoredOperation>,
}

/// Looks at every operation of an account that may still be mined, signs nothing, and needs no key: what was executed is
/// settled, and what waits is handed to the bundler again, if there is one. (Without one a transaction carries it, which
/// is looked after like any other.) What lost its nonce to another one is for whoever wants it done to make anew.
///
/// # Errors
/// When the chain or the log fails.
pub async fn look_after(
    rpc: &Rpc,
    bundler: Option<&Bundler>,
    log: &dyn OperationLog,
    account: EthAddress,
) -> Result<LookedAfter, SendError> {
    let mut found = LookedAfter::default();
    for stored in log.live(rpc.chain(), account).await? {
        // the count first: a nonce used before we asked for events must show in them
        let next = counted(rpc, address(account), key_of(stored.nonce)).await;
        let next = next.map_err(|source| of_operation(&stored, source))?;
        let used = sequence_of(next) > sequence_of(stored.nonce);
        if used && let Some(outcome) = heard_of(rpc, &stored).await? {
            log.settle(&stored, outcome.state(), outcome.executed()).await?;
            found.settled += 1;
            continue;
        }
        if let (false, Some(bundler), Some(last)) = (used, bundler, stored.attempts.last()) {
            // whoever follows it hears what the bundler says
            if let Err(error) = bundler.send(last, last.hash(stored.chain)).await {
                tracing::debug!(%error, "an operation that waits could not be handed over again");
            }
        }
        found.waiting.push(stored);
    }
    Ok(found)
}

fn of_operation(stored: &StoredOperation, source: AccountError) -> SendError {
    match source {
        AccountError::Rpc(error) => SendError::Rpc(error),
        source => SendError::Account {
            purpose: stored
                .purposes
                .first()
                .cloned()
                .unwrap_or_else(|| Purpose::new("nothing")),
            source: Box::new(source),
        },
    }
}

/// The next nonce of an account's key, as the EntryPoint counts.
pub(super) async fn counted(rpc: &Rpc, account: Address, key: U192) -> Result<U256, AccountError> {
    let entry_point = IEntryPoint::new(ENTRY_POINT, rpc.provider().clone());
    let call = entry_point.getNonce(account, key).block(BlockId::latest());
    call.call().await.map_err(asking("reading the account's nonce"))
}

/// What became of whichever attempt the EntryPoint told of.
pub(super) async fn heard_of(rpc: &Rpc, stored: &StoredOperation) -> Result<Option<Outcome>, RpcError> {
    for attempt in stored.attempts.iter().rev() {
        let hash = attempt.hash(stored.chain);
        if let Some(transaction) = told_in(rpc, hash, stored.since).await?
            && let Some(outcome) = outcome_of(rpc, hash, transaction).await?
        {
            return Ok(Some(outcome));
        }
    }
    Ok(None)
}

/// The transaction in which the EntryPoint told of an operation.
async fn told_in(rpc: &Rpc, hash: B256, since: BlockNumber) -> Result<Option<TxHash>, RpcError> {
    let filter = Filter::new()
        .address(ENTRY_POINT)
        .event_signature(IEntryPoint::UserOperationEvent::SIGNATURE_HASH)
        .topic1(hash)
        .from_block(since.0);
    let logs = rpc.provider().get_logs(&filter).await;
    let logs = logs.map_err(RpcError::doing("looking for an operation"))?;
    Ok(logs.last().and_then(|log| log.transaction_hash).map(tx_hash))
}

/// What became of an operation's attempts in a transaction; none if the transaction is not on the chain.
pub(super) async fn outcome_in(
    rpc: &Rpc,
    stored: &StoredOperation,
    transaction: TxHash,
) -> Result<Option<Outcome>, RpcError> {
    for attempt in stored.attempts.iter().rev() {
        if let Some(outcome) = outcome_of(rpc, attempt.hash(stored.chain), transaction).await? {
            return Ok(Some(outcome));
        }
    }
    Ok(None)
}

/// What became of an operation in a transaction; none if it is not in it, or the transaction is not on the chain.
pub(super) async fn outcome_of(rpc: &Rpc, hash: B256, transaction: TxHash) -> Result<Option<Outcome>, RpcError> {
    let receipt = rpc.provider().get_transaction_receipt(B256::from(transaction.0)).await;
    let receipt = receipt.map_err(RpcError::doing("looking for a receipt"))?;
    Ok(receipt.and_then(|receipt| Outcome::of(hash, read_receipt(transaction, receipt))))
}
