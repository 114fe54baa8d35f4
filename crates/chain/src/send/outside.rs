use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::{TransactionBuilder, TransactionResponse};
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Transaction, TransactionRequest};
use alloy::sol;
use alloy::sol_types::SolEvent;
use maci_protocol::ids::{EthAddress, TxHash};

use super::receipt::{Receipt, read_receipt};
use super::{Call, Landed, Revert, SendError};
use crate::rpc::{Rpc, RpcError};
use crate::words;

sol! {
    /// What EntryPoint contracts of ERC-4337 say of an operation that was done.
    event UserOperationEvent(
        bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success,
        uint256 actualGasCost, uint256 actualGasUsed
    );
}

/// What a transaction that somebody else sent is, compared with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is not mined.
    NotYet,
    /// It is mined and did what was asked.
    Done(Box<Landed>),
    /// It is something else, or failed: the reason.
    Other(String),
}

/// Tries a call out for an account whose key is not here.
///
/// # Errors
/// [`SendError::WouldRevert`], or that the chain cannot be asked.
pub async fn try_out(rpc: &Rpc, account: EthAddress, call: &Call) -> Result<(), SendError> {
    let mut request = TransactionRequest::default()
        .with_from(words::address(account))
        .with_input(call.data.clone());
    match call.to {
        Some(contract) => request.set_to(words::address(contract)),
        None => request.set_create(),
    }
    let newest = BlockId::Number(BlockNumberOrTag::Latest);
    match rpc.provider().call(request).block(newest).await {
        Ok(_) => Ok(()),
        Err(error) => Err(match Revert::from_failure(&error) {
            Some(reason) => SendError::WouldRevert {
                purpose: call.purpose.clone(),
                reason,
            },
            None => RpcError::doing("trying a transaction out")(error).into(),
        }),
    }
}

/// Looks at a transaction that an account is said to have sent for a call.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn examine(rpc: &Rpc, account: EthAddress, call: &Call, hash: TxHash) -> Result<Seen, RpcError> {
    let asked = B256::from(hash.0);
    let provider = rpc.provider();
    let receipt = provider.raw_request::<_, Option<Receipt>>("eth_getTransactionReceipt".into(), (asked,));
    let Some(receipt) = receipt.await.map_err(RpcError::doing("looking for a receipt"))? else {
        return Ok(Seen::NotYet);
    };
    let found = provider.get_transaction_by_hash(asked).await;
    let Some(found) = found.map_err(RpcError::doing("looking for a transaction"))? else {
        return Ok(Seen::NotYet);
    };
    Ok(match compare(words::address(account), call, &found, &receipt) {
        Ok(()) => Seen::Done(Box::new(read_receipt(hash, receipt.inner))),
        Err(reason) => Seen::Other(reason),
    })
}

/// Whether a transaction is the call, or a batch of the account's that has the call in it.
fn compare(account: Address, call: &Call, found: &Transaction, receipt: &Receipt) -> Result<(), String> {
    use alloy::consensus::Transaction as _;

    let (to, input) = (call.to.map(words::address), found.input());
    if !receipt.status() {
        return Err("the contract refused it".to_owned());
    }
    if found.from() == account && found.to() == to && input[..] == call.data[..] {
        let nothing = found.value() == U256::ZERO;
        return nothing
            .then_some(())
            .ok_or_else(|| format!("it carries {} wei", found.value()));
    }
    let Some(to) = to else {
        return Err(format!("it is not the making of this contract by {account}"));
    };
    let by_itself = found.from() == account || found.to() == Some(account);
    let by_operation = receipt.logs().iter().any(|log| {
        UserOperationEvent::decode_log(&log.inner).is_ok_and(|event| event.sender == account && event.success)
    });
    if !by_itself && !by_operation {
        return Err(format!("it is neither from {account} nor a successful operation of it"));
    }
    if !contains(input, to.as_slice()) || !contains(input, &call.data) {
        return Err(format!("it does not call {to} with these data"));
    }
    Ok(())
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
