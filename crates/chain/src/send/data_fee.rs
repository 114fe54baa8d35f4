use alloy::primitives::{Address, Bytes, U256, address};
use alloy::providers::Provider;
use alloy::sol;
use maci_protocol::ids::ChainId;
use tokio::sync::OnceCell;

use crate::rpc::{Rpc, RpcError};

sol! {
    /// The contract that chains of the OP stack, and Scroll, tell the price of data by.
    #[sol(rpc)]
    interface IGasPriceOracle {
        function getL1Fee(bytes memory data) external view returns (uint256);
    }
}

/// Where chains of the OP stack have it.
const OP_STACK: Address = address!("420000000000000000000000000000000000000F");

/// Where Scroll has it.
const SCROLL: Address = address!("5300000000000000000000000000000000000002");

/// Bytes of a signature, which are paid for too.
const SIGNATURE: usize = 68;

/// What a chain charges for the place that a transaction's bytes take elsewhere, where that is not part of its gas.
/// (Arbitrum, zkSync and Linea have it in their estimates of gas.)
#[derive(Debug, Default)]
pub(super) struct DataFee {
    oracle: OnceCell<Option<Address>>,
}

impl DataFee {
    /// The charge for a transaction, in wei; 0 where there is none.
    pub(super) async fn of(&self, rpc: &Rpc, unsigned: &[u8]) -> Result<u128, RpcError> {
        let Some(oracle) = *self.oracle.get_or_try_init(|| find(rpc)).await? else {
            return Ok(0);
        };
        let mut bytes = unsigned.to_vec();
        bytes.resize(unsigned.len().saturating_add(SIGNATURE), 0xff);
        let contract = IGasPriceOracle::new(oracle, rpc.provider().clone());
        match contract.getL1Fee(Bytes::from(bytes)).call().await {
            Ok(fee) => Ok(u128::try_from(fee).unwrap_or(u128::MAX)),
            // a chain that has something else at this address charges by gas
            Err(alloy::contract::Error::TransportError(error)) if error.as_error_resp().is_none() => {
                Err(RpcError::doing("asking for the fee on data")(error))
            }
            Err(error) => {
                tracing::debug!(%error, "the contract for fees on data does not tell one");
                Ok(0)
            }
        }
    }
}

async fn find(rpc: &Rpc) -> Result<Option<Address>, RpcError> {
    let place = match rpc.chain() {
        ChainId(534_352 | 534_351) => SCROLL,
        ChainId(_) => OP_STACK,
    };
    let code = rpc.provider().get_code_at(place).await;
    let code = code.map_err(RpcError::doing("looking for a fee on data"))?;
    Ok((!code.is_empty()).then_some(place))
}

/// A number of wei that fits what is counted in.
pub(super) fn wei(amount: U256) -> u128 {
    u128::try_from(amount).unwrap_or(u128::MAX)
}
