use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::transports::{RpcError as Failure, TransportError};
use maci_protocol::ids::{ChainId, TxHash};
use serde::Deserialize;

use super::error::AccountError;
use super::known::ENTRY_POINT;
use super::operation::UserOperation;
use crate::rpc::{Endpoint, Patience, Rpc, RpcError};
use crate::words;

/// No parameters: bundlers want an empty list, not nothing.
const NOTHING: [u8; 0] = [];

/// A service that takes user operations and puts them on the chain.
#[derive(Debug, Clone)]
pub struct Bundler {
    rpc: Rpc,
}

/// What a bundler said to an operation.
#[derive(Debug)]
pub(super) enum Reception {
    /// It has it, or had it already.
    Taken,
    /// It will not have it as it is.
    Declined(String),
    /// It could not be asked, or is too busy: it may have it or not.
    Unclear(String),
}

/// Gas that a bundler estimates.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GasEstimate {
    pub(super) pre_verification_gas: U256,
    pub(super) verification_gas_limit: U256,
    pub(super) call_gas_limit: U256,
    #[serde(default)]
    pub(super) paymaster_verification_gas_limit: Option<U256>,
    #[serde(default)]
    pub(super) paymaster_post_op_gas_limit: Option<U256>,
}

/// What a bundler wants to be paid.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BundlerFees {
    pub(super) max_fee_per_gas: U256,
    pub(super) max_priority_fee_per_gas: U256,
}

#[derive(Debug, Deserialize)]
struct Prices {
    standard: BundlerFees,
}

#[derive(Debug, Deserialize)]
struct Receipt {
    receipt: TransactionOf,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransactionOf {
    transaction_hash: B256,
}

impl Bundler {
    /// Connects to a bundler, which has to serve this chain and EntryPoint v0.7.
    ///
    /// # Errors
    /// When it cannot be reached, serves another chain, or takes operations for other EntryPoints only.
    pub async fn connect(endpoint: Endpoint, chain: ChainId, patience: Patience) -> Result<Self, AccountError> {
        let rpc = Rpc::connect(vec![endpoint], Some(chain), patience).await?;
        let supported: Vec<Address> = rpc
            .provider()
            .raw_request("eth_supportedEntryPoints".into(), NOTHING)
            .await
            .map_err(RpcError::doing("asking the bundler for its EntryPoints"))?;
        if !supported.contains(&ENTRY_POINT) {
            let supported: Vec<_> = supported.iter().map(Address::to_string).collect();
            return Err(AccountError::OtherEntryPoint {
                supported: supported.join(", "),
            });
        }
        Ok(Self { rpc })
    }

    /// What it wants to be paid; none if it does not say.
    pub(super) async fn fees(&self) -> Option<BundlerFees> {
        for method in ["zd_getUserOperationGasPrice", "pimlico_getUserOperationGasPrice"] {
            let prices: Result<Prices, _> = self.rpc.provider().raw_request(method.into(), NOTHING).await;
            if let Ok(prices) = prices {
                return Some(prices.standard);
            }
        }
        None
    }

    /// Gas for an operation with a dummy signature; the bundler's words if it would fail.
    pub(super) async fn estimate(&self, operation: &UserOperation) -> Result<Result<GasEstimate, String>, RpcError> {
        let params = (operation, ENTRY_POINT);
        let answer = self
            .rpc
            .provider()
            .raw_request("eth_estimateUserOperationGas".into(), params)
            .await;
        match answer {
            Ok(estimate) => Ok(Ok(estimate)),
            Err(Failure::ErrorResp(payload)) => Ok(Err(words_of(&payload))),
            Err(error) => Err(RpcError::doing("asking the bundler for an estimate")(error)),
        }
    }

    /// Hands an operation over. The same operation can be handed over any number of times.
    ///
    /// # Errors
    /// [`AccountError::OtherHash`]; every other answer is a [`Reception`].
    pub(super) async fn send(&self, operation: &UserOperation, hash: B256) -> Result<Reception, AccountError> {
        let params = (operation, ENTRY_POINT);
        let answer: Result<B256, TransportError> = self
            .rpc
            .provider()
            .raw_request("eth_sendUserOperation".into(), params)
            .await;
        match answer {
            Ok(theirs) if theirs == hash => Ok(Reception::Taken),
            Ok(theirs) => Err(AccountError::OtherHash { ours: hash, theirs }),
            Err(Failure::ErrorResp(payload)) => Ok(reception(words_of(&payload))),
            Err(error) => Ok(Reception::Unclear(error.to_string())),
        }
    }

    /// The transaction an operation is in; none while it is in none.
    pub(super) async fn transaction_of(&self, hash: B256) -> Result<Option<TxHash>, RpcError> {
        let answer: Result<Option<Receipt>, TransportError> = self
            .rpc
            .provider()
            .raw_request("eth_getUserOperationReceipt".into(), (hash,))
            .await;
        match answer {
            Ok(receipt) => Ok(receipt.map(|receipt| words::tx_hash(receipt.receipt.transaction_hash))),
            // some bundlers call an unknown operation an error
            Err(Failure::ErrorResp(_) | Failure::NullResp) => Ok(None),
            Err(error) => Err(RpcError::doing("asking the bundler for a receipt")(error)),
        }
    }
}

fn words_of(payload: &alloy::rpc::json_rpc::ErrorPayload) -> String {
    match payload.data.as_ref().map(|data| data.get()) {
        Some(data) if data != "null" && data.len() < 2_000 => format!("{} {data}", payload.message),
        Some(_) | None => payload.message.to_string(),
    }
}

fn reception(words: String) -> Reception {
    let text = words.to_lowercase();
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    if has(&["already known", "already in", "alreadyknown", "duplicate"]) {
        return Reception::Taken;
    }
    if has(&[
        "rate limit",
        "too many",
        "timeout",
        "timed out",
        "try again",
        "unavailable",
    ]) {
        return Reception::Unclear(words);
    }
    Reception::Declined(words)
}
