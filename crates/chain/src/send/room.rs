use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::TransactionBuilder;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use maci_protocol::ids::EthAddress;

use super::{Call, Revert};
use crate::rpc::{Rpc, RpcError};
use crate::words;

/// The most gas one call should use, whatever the block allows: some chains cap a transaction at 2^24.
const MOST_GAS: u64 = 15_000_000;

/// The most gas one call on this chain should use: four fifths of a block, and at most 15 million.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn most_gas(rpc: &Rpc) -> Result<u64, RpcError> {
    let block = rpc.provider().get_block_by_number(BlockNumberOrTag::Latest).await;
    let block = block.map_err(RpcError::doing("reading the block's gas limit"))?;
    Ok(block.map_or(MOST_GAS, |block| MOST_GAS.min(block.header.gas_limit / 10 * 8)))
}

/// Whether the call succeeds on the newest block with no more than so much gas. One run, where an estimate takes a
/// dozen.
///
/// # Errors
/// When the chain cannot be asked; the contract's refusal is an answer.
pub async fn fits(rpc: &Rpc, caller: EthAddress, call: &Call, gas: u64) -> Result<bool, RpcError> {
    let mut request = TransactionRequest::default()
        .with_from(words::address(caller))
        .with_input(call.data.clone())
        .with_gas_limit(gas);
    if let Some(contract) = call.to {
        request.set_to(words::address(contract));
    }
    let newest = BlockId::Number(BlockNumberOrTag::Latest);
    match rpc.provider().call(request).block(newest).await {
        Ok(_) => Ok(true),
        Err(error) if Revert::from_failure(&error).is_some() => Ok(false),
        Err(error) => Err(RpcError::doing("trying a transaction out")(error)),
    }
}
