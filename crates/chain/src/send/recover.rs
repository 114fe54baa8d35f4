use alloy::providers::Provider;
use alloy::transports::RpcError as Failure;
use maci_protocol::ids::EthAddress;

use super::receipt::{paid, receipt_of, state_of};
use super::reception::Reception;
use super::{Intent, IntentLog, IntentState, SendError, SignedTransaction};
use crate::rpc::{Rpc, RpcError};
use crate::words;

/// What a look at a sender's transactions found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Were mined since somebody last looked.
    pub settled: usize,
    /// Had been mined and are gone with their blocks; they are on their way again.
    pub revived: usize,
    /// Wait to be mined, and were broadcast again.
    pub waiting: Vec<Intent>,
}

/// Looks at everything of a sender that may still be mined, signs nothing, and needs no key: what was mined is settled,
/// what a reorganisation took back is live again, and what waits is broadcast again, the lowest nonce first.
///
/// # Errors
/// When the chain or the log fails.
pub async fn recover(rpc: &Rpc, log: &dyn IntentLog, sender: EthAddress) -> Result<Recovered, SendError> {
    let chain = rpc.chain();
    // the count first: what is above it was not mined when we asked
    let count = mined_count(rpc, sender).await?;
    let mut found = Recovered::default();
    for intent in log.live(chain, sender).await? {
        if intent.nonce >= count {
            break;
        }
        if let Some(receipt) = receipt_of(rpc, &intent).await? {
            log.settle(&intent, state_of(&intent, &receipt), paid(&receipt)).await?;
            found.settled += 1;
        }
    }
    for intent in log.since(chain, sender, count).await? {
        match intent.state {
            IntentState::Live => {}
            IntentState::Superseded => continue,
            IntentState::Mined(_) | IntentState::Reverted(_) | IntentState::Cancelled(_) => {
                if receipt_of(rpc, &intent).await?.is_some() {
                    continue;
                }
                tracing::warn!(purpose = %intent.purpose, nonce = intent.nonce,
                    "a mined transaction is gone with its block; sending the same bytes again");
                if let Err(error) = log.set_state(&intent, IntentState::Live).await {
                    tracing::warn!(purpose = %intent.purpose, %error, "another transaction has its place");
                    continue;
                }
                found.revived += 1;
            }
        }
        if let Some(attempt) = intent.attempts.last() {
            broadcast(rpc, attempt).await;
        }
        found.waiting.push(Intent {
            state: IntentState::Live,
            ..intent
        });
    }
    Ok(found)
}

/// Hands an attempt to the chain.
pub(super) async fn broadcast(rpc: &Rpc, attempt: &SignedTransaction) -> Reception {
    match rpc.provider().send_raw_transaction(&attempt.raw).await {
        Ok(_) => Reception::Taken,
        Err(Failure::ErrorResp(payload)) => Reception::of_refusal(&payload.message),
        // the endpoint may have taken it before it failed to say so
        Err(error) => Reception::Refused(error.to_string()),
    }
}

/// Transactions of the sender that are mined, which is the next nonce the chain takes.
pub(super) async fn mined_count(rpc: &Rpc, sender: EthAddress) -> Result<u64, RpcError> {
    let count = rpc
        .provider()
        .get_transaction_count(words::address(sender))
        .latest()
        .await;
    count.map_err(RpcError::doing("reading the sender's nonce"))
}
