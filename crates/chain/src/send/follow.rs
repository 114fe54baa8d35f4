use alloy::consensus::TxEnvelope;
use alloy::eips::BlockId;
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TransactionBuilder;
use alloy::primitives::B256;
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::transports::RpcError as Failure;
use maci_protocol::ids::{BlockNumber, TxHash};
use maci_protocol::ledger::{LogPlace, RawLog};
use tokio::time::Instant;

use super::fees::Fees;
use super::{Intent, IntentState, Landed, Revert, SendError, Sender, SignedTransaction};
use crate::rpc::RpcError;
use crate::words;

/// Looks in a row at which the nonce was used and no receipt was ours, each at another endpoint,
/// before we believe that another transaction took it.
const LOOKS_BEFORE_SUPERSEDED: u32 = 3;

/// What an endpoint said to a broadcast.
enum Reception {
    /// It has the transaction, or had it already, or its nonce is used: the receipts will tell.
    Taken,
    /// It wants a better offer.
    Underpriced(String),
    /// It would not take it now.
    Refused(String),
}

impl Sender {
    /// Broadcasts a stored intent until it is mined or another transaction has taken its nonce.
    pub(super) async fn follow(&self, mut intent: Intent) -> Result<Landed, SendError> {
        let started = Instant::now();
        let mut offered = started;
        let mut taken_by_another = 0;
        let mut note = self.broadcast_from(&intent).await?;
        loop {
            // the count first: a nonce used before we asked for receipts must show in them
            let count = self.mined_count(intent.sender).await?;
            if let Some(receipt) = self.receipt_of(&intent).await? {
                taken_by_another = 0;
                if self.is_deep_enough(&receipt).await? {
                    return self.landed(&intent, receipt).await;
                }
            } else if count > intent.nonce {
                taken_by_another += 1;
                if taken_by_another >= LOOKS_BEFORE_SUPERSEDED {
                    return self.superseded(intent).await;
                }
                if self.rpc.endpoint_count() > 1 {
                    self.rpc.distrust_endpoint();
                }
            } else if matches!(note, Some(Reception::Underpriced(_))) || offered.elapsed() >= self.settings.outbid_after
            {
                taken_by_another = 0;
                self.outbid(&mut intent).await?;
                offered = Instant::now();
                note = self.broadcast_from(&intent).await?;
            }
            if started.elapsed() >= self.settings.give_up_after {
                return Err(pending(&intent, note));
            }
            tokio::time::sleep(self.rpc.look_every()).await;
        }
    }

    /// Broadcasts the newest attempt, and before it whatever of ours holds it up.
    async fn broadcast_from(&self, intent: &Intent) -> Result<Option<Reception>, SendError> {
        for earlier in self.log.live(intent.chain, intent.sender).await? {
            if earlier.nonce < intent.nonce
                && let Some(attempt) = earlier.attempts.last()
            {
                self.broadcast(attempt).await?;
            }
        }
        match intent.attempts.last() {
            Some(attempt) => self.broadcast(attempt).await.map(Some),
            None => Ok(None),
        }
    }

    async fn broadcast(&self, attempt: &SignedTransaction) -> Result<Reception, SendError> {
        match self.rpc.provider().send_raw_transaction(&attempt.raw).await {
            Ok(_) => Ok(Reception::Taken),
            Err(Failure::ErrorResp(payload)) => Ok(reception(&payload.message)),
            // the endpoint may have taken it before it failed to say so
            Err(error) => Ok(Reception::Refused(error.to_string())),
        }
    }

    /// Signs the same call and nonce with a better offer and stores it, if the cap has room.
    async fn outbid(&self, intent: &mut Intent) -> Result<(), SendError> {
        let Some(last) = intent.attempts.last() else {
            return Ok(());
        };
        let damaged = |reason: String| SendError::Damaged {
            purpose: intent.purpose.clone(),
            transaction: last.hash,
            reason,
        };
        let envelope = TxEnvelope::decode_2718_exact(&last.raw).map_err(|error| damaged(error.to_string()))?;
        let market = Fees::of_the_market(&self.rpc).await?;
        let Some(better) = Fees::of(&envelope).outbid(market, self.settings.fee_cap) else {
            tracing::warn!(purpose = %intent.purpose, "not mined yet, and the fee cap leaves no room for a better offer");
            return Ok(());
        };
        let mut request = TransactionRequest::from_transaction(envelope).with_from(words::address(intent.sender));
        better.apply(&mut request);
        let attempt = self.sign(&intent.purpose, request).await?;
        tracing::info!(purpose = %intent.purpose, transaction = %attempt.hash, "not mined yet; offering more");
        self.log.add_attempt(intent, &attempt).await?;
        intent.attempts.push(attempt);
        Ok(())
    }

    async fn superseded(&self, intent: Intent) -> Result<Landed, SendError> {
        self.log.set_state(&intent, IntentState::Superseded).await?;
        Err(SendError::Superseded {
            purpose: intent.purpose,
            sender: intent.sender,
            nonce: intent.nonce,
        })
    }

    /// The receipt of whichever attempt was mined.
    pub(super) async fn receipt_of(&self, intent: &Intent) -> Result<Option<TransactionReceipt>, RpcError> {
        for attempt in intent.attempts.iter().rev() {
            let receipt = self
                .rpc
                .provider()
                .get_transaction_receipt(B256::from(attempt.hash.0))
                .await;
            if let Some(receipt) = receipt.map_err(RpcError::doing("looking for a receipt"))? {
                return Ok(Some(receipt));
            }
        }
        Ok(None)
    }

    async fn is_deep_enough(&self, receipt: &TransactionReceipt) -> Result<bool, RpcError> {
        let (Some(block), depth) = (receipt.block_number, self.settings.confirmations) else {
            return Ok(false);
        };
        Ok(depth == 0 || self.rpc.head().await?.number.0 >= block.saturating_add(depth))
    }

    /// Remembers that the intent was mined, and how.
    pub(super) async fn landed(&self, intent: &Intent, receipt: TransactionReceipt) -> Result<Landed, SendError> {
        let transaction = words::tx_hash(receipt.transaction_hash);
        if !receipt.status() {
            self.log.set_state(intent, IntentState::Reverted(transaction)).await?;
            return Err(SendError::Reverted {
                purpose: intent.purpose.clone(),
                transaction,
                reason: self.reason_of(intent, &receipt).await,
            });
        }
        self.log.set_state(intent, IntentState::Mined(transaction)).await?;
        Ok(read_receipt(transaction, receipt))
    }

    /// Runs a refused transaction again to hear the reason: on the state before its block, and if
    /// it succeeds there, because the block itself changed something first, on the state after it.
    async fn reason_of(&self, intent: &Intent, receipt: &TransactionReceipt) -> Revert {
        let mined = words::tx_hash(receipt.transaction_hash);
        let attempt = intent.attempts.iter().find(|attempt| attempt.hash == mined);
        if let Some(envelope) = attempt.and_then(|attempt| TxEnvelope::decode_2718_exact(&attempt.raw).ok()) {
            let block = receipt.block_number.unwrap_or_default();
            let request = TransactionRequest::from_transaction(envelope).with_from(receipt.from);
            for state in [block.saturating_sub(1), block] {
                let call = self
                    .rpc
                    .provider()
                    .call(request.clone())
                    .block(BlockId::number(state))
                    .await;
                if let Some(reason) = call.err().as_ref().and_then(Revert::from_failure) {
                    return reason;
                }
            }
        }
        Revert::from_words("the reason cannot be found out; it may have run out of gas")
    }
}

fn pending(intent: &Intent, note: Option<Reception>) -> SendError {
    SendError::Pending {
        purpose: intent.purpose.clone(),
        transaction: intent.attempts.last().map_or(TxHash([0; 32]), |attempt| attempt.hash),
        note: match note {
            Some(Reception::Refused(words) | Reception::Underpriced(words)) => format!(" (the endpoint says: {words})"),
            Some(Reception::Taken) | None => String::new(),
        },
    }
}

fn reception(words: &str) -> Reception {
    let text = words.to_lowercase();
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    if has(&[
        "already known",
        "already imported",
        "known transaction",
        "alreadyknown",
        "nonce too low",
        "nonce is too low",
        "old nonce",
    ]) {
        return Reception::Taken;
    }
    let words = words.chars().take(200).collect();
    if has(&[
        "underpriced",
        "fee too low",
        "less than block base fee",
        "max fee per gas less than",
        "feetoolow",
    ]) {
        return Reception::Underpriced(words);
    }
    Reception::Refused(words)
}

fn read_receipt(transaction: TxHash, receipt: TransactionReceipt) -> Landed {
    let block = BlockNumber(receipt.block_number.unwrap_or_default());
    let block_hash = receipt.block_hash.unwrap_or_default().0;
    let logs = receipt.logs().iter().map(|log| RawLog {
        place: LogPlace {
            block,
            transaction: receipt.transaction_index.unwrap_or_default(),
            log: log.log_index.unwrap_or_default(),
        },
        block_hash,
        transaction,
        address: words::eth_address(log.address()),
        topics: log.topics().iter().map(|topic| topic.0).collect(),
        data: log.inner.data.data.to_vec(),
    });
    Landed {
        transaction,
        block,
        block_hash,
        gas_used: receipt.gas_used,
        created: receipt.contract_address.map(words::eth_address),
        logs: logs.collect(),
    }
}
