use std::fmt;

use alloy::contract::Error as CallError;
use alloy::eips::BlockId;
use alloy::providers::Provider;
use maci_protocol::ids::EthAddress;

use super::maci::IMaciB;
use crate::reader::ReadError;
use crate::rpc::{Rpc, RpcError};
use crate::send::Revert;
use crate::words::address;

/// Which of the two releases a MACI contract is of; they differ in how it is constructed and in
/// how it makes a poll. Found out from an artifact or from the chain, never assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// The packages `0.0.0-ci.*` of 2025: `deployPoll` names verifier and registry.
    A,
    /// Release 3.0.0 of June 2026: verifier and registry are the MACI contract's own.
    B,
}

impl Generation {
    /// Asks a deployed MACI for its verifier, which only generation B has.
    pub async fn of(rpc: &Rpc, maci: EthAddress) -> Result<Self, ReadError> {
        let code = rpc.provider().get_code_at(address(maci)).latest().await;
        if code.map_err(RpcError::doing("reading a contract's code"))?.is_empty() {
            return Err(ReadError::NoContract {
                address: maci,
                chain: rpc.chain(),
            });
        }
        let contract = IMaciB::new(address(maci), rpc.provider().clone());
        match contract.verifier().block(BlockId::latest()).call().await {
            Ok(_) => Ok(Self::B),
            Err(CallError::ZeroData(..)) => Ok(Self::A),
            Err(CallError::TransportError(failure)) if Revert::from_failure(&failure).is_some() => Ok(Self::A),
            Err(error) => Err(ReadError::calling(maci, rpc.chain(), "verifier")(error)),
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A (packages 0.0.0-ci)",
            Self::B => "B (release 3.0.0)",
        })
    }
}
