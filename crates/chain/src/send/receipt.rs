use alloy::consensus::TxEnvelope;
use alloy::eips::BlockId;
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::serde::WithOtherFields;
use maci_protocol::ids::{BlockNumber, TxHash};
use maci_protocol::ledger::{LogPlace, RawLog};

use super::data_fee::wei;
use super::{Intent, IntentLog, IntentState, Landed, Paid, Revert, SendError};
use crate::rpc::{Rpc, RpcError};
use crate::words;

/// A receipt, with what the chain adds of its own.
pub(super) type Receipt = WithOtherFields<TransactionReceipt>;

/// The receipt of whichever attempt was mined.
pub(super) async fn receipt_of(rpc: &Rpc, intent: &Intent) -> Result<Option<Receipt>, RpcError> {
    for attempt in intent.attempts.iter().rev() {
        let hash = B256::from(attempt.hash.0);
        let asked = rpc
            .provider()
            .raw_request::<_, Option<Receipt>>("eth_getTransactionReceipt".into(), (hash,));
        if let Some(receipt) = asked.await.map_err(RpcError::doing("looking for a receipt"))? {
            return Ok(Some(receipt));
        }
    }
    Ok(None)
}

/// What a mined transaction has cost.
pub(super) fn paid(receipt: &Receipt) -> Paid {
    let gas = u128::from(receipt.gas_used).saturating_mul(receipt.effective_gas_price);
    // chains that charge for data apart say how much
    let data = receipt.other.get_deserialized::<U256>("l1Fee");
    let data = data.and_then(Result::ok).map_or(0, wei);
    Paid {
        block: BlockNumber(receipt.block_number.unwrap_or_default()),
        gas_used: receipt.gas_used,
        wei: gas.saturating_add(data),
    }
}

/// Remembers how an intent ended, and answers with where it landed or why it did not.
pub(super) async fn ended(
    rpc: &Rpc,
    log: &dyn IntentLog,
    intent: &Intent,
    receipt: Receipt,
) -> Result<Landed, SendError> {
    let transaction = words::tx_hash(receipt.transaction_hash);
    let state = state_of(intent, &receipt);
    log.settle(intent, state, paid(&receipt)).await?;
    match state {
        IntentState::Cancelled(_) => Err(SendError::Cancelled {
            purpose: intent.purpose.clone(),
            transaction,
        }),
        IntentState::Reverted(_) => Err(SendError::Reverted {
            purpose: intent.purpose.clone(),
            transaction,
            reason: reason_of(rpc, intent, &receipt).await,
        }),
        IntentState::Live | IntentState::Mined(_) | IntentState::Superseded => {
            Ok(read_receipt(transaction, receipt.inner))
        }
    }
}

/// How an intent stands whose attempt has this receipt.
pub(super) fn state_of(intent: &Intent, receipt: &Receipt) -> IntentState {
    let transaction = words::tx_hash(receipt.transaction_hash);
    let cancelled = intent
        .attempts
        .iter()
        .any(|attempt| attempt.hash == transaction && attempt.cancels);
    if cancelled {
        IntentState::Cancelled(transaction)
    } else if receipt.status() {
        IntentState::Mined(transaction)
    } else {
        IntentState::Reverted(transaction)
    }
}

/// Runs a refused transaction again to hear the reason: on the state before its block, and if it succeeds there,
/// because the block itself changed something first, on the state after it.
async fn reason_of(rpc: &Rpc, intent: &Intent, receipt: &Receipt) -> Revert {
    let mined = words::tx_hash(receipt.transaction_hash);
    let attempt = intent.attempts.iter().find(|attempt| attempt.hash == mined);
    if let Some(envelope) = attempt.and_then(|attempt| TxEnvelope::decode_2718_exact(&attempt.raw).ok()) {
        let block = receipt.block_number.unwrap_or_default();
        let request = TransactionRequest::from_transaction(envelope).with_from(receipt.from);
        for state in [block.saturating_sub(1), block] {
            let call = rpc.provider().call(request.clone()).block(BlockId::number(state)).await;
            if let Some(reason) = call.err().as_ref().and_then(Revert::from_failure) {
                return reason;
            }
        }
    }
    Revert::from_words("the reason cannot be found out; it may have run out of gas")
}

pub(crate) fn read_receipt(transaction: TxHash, receipt: TransactionReceipt) -> Landed {
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
