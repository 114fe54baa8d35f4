use alloy::providers::Provider;
use maci_protocol::ids::{BlockNumber, EthAddress};

use crate::rpc::{Rpc, RpcError};
use crate::words;

impl Rpc {
    /// The block in which a contract appeared; none if there is no contract at the address.
    ///
    /// Found by halving, which needs about 25 requests to an endpoint that keeps old states. One
    /// that does not keep them refuses, and block 0 is answered: correct, only slower to read from.
    pub async fn birth_of(&self, contract: EthAddress) -> Result<Option<BlockNumber>, RpcError> {
        let provider = self.provider();
        let at = words::address(contract);
        let head = self.head().await?.number.0;
        let code = provider.get_code_at(at).number(head).await;
        if code.map_err(RpcError::doing("reading a contract's code"))?.is_empty() {
            return Ok(None);
        }
        let (mut absent, mut present) = (0, head);
        while absent < present {
            let middle = absent + (present - absent) / 2;
            match provider.get_code_at(at).number(middle).await {
                Ok(code) if code.is_empty() => absent = middle + 1,
                Ok(_) => present = middle,
                Err(error) => {
                    tracing::info!(%error, "the endpoint keeps no old states; reading from the first block on");
                    return Ok(Some(BlockNumber(0)));
                }
            }
        }
        Ok(Some(BlockNumber(present)))
    }
}
