use alloy::contract::Error as CallError;
use alloy::eips::BlockId;
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use maci_protocol::ids::EthAddress;

use crate::artifacts::Artifacts;
use crate::contracts::Generation;
use crate::contracts::maci::{IMaci, IMaciA, IMaciB};
use crate::deploy::{Complaint, DeployError, Design, MaciDesign};
use crate::reader::ReadError;
use crate::rpc::{Rpc, RpcError};
use crate::words::{address, eth_address};

/// What a deployment stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The generation of the MACI that makes the polls.
    pub generation: Generation,
    /// Levels of its tree of sign-ups.
    pub state_tree_depth: u8,
    /// Verifier and registry of a MACI that is there, if they are known.
    pub verifier_and_registry: Option<(EthAddress, EthAddress)>,
    /// The newest block's time, in Unix seconds.
    pub now: u64,
}

impl Ground {
    /// Surveys the chain for a design; no ground if its MACI is none that polls can be made of.
    pub(super) async fn survey(
        rpc: &Rpc,
        artifacts: &Artifacts,
        design: &Design,
    ) -> Result<(Option<Self>, Vec<Complaint>), DeployError> {
        let now = rpc.head().await?.timestamp;
        match &design.maci {
            MaciDesign::New(new) => {
                let ground = Self {
                    generation: artifacts.generation()?,
                    state_tree_depth: new.state_tree_depth,
                    verifier_and_registry: None,
                    now,
                };
                Ok((Some(ground), Vec::new()))
            }
            MaciDesign::There {
                maci,
                verifier_and_registry,
                ..
            } => match of_maci(rpc, *maci, *verifier_and_registry, now).await? {
                Ok(ground) => Ok((Some(ground), Vec::new())),
                Err(rule) => Ok((None, vec![Complaint::new("/maci/address", rule)])),
            },
        }
    }
}

/// The ground of a MACI that is there, or why it is none of ours.
async fn of_maci(
    rpc: &Rpc,
    maci: EthAddress,
    given: Option<(EthAddress, EthAddress)>,
    now: u64,
) -> Result<Result<Ground, String>, DeployError> {
    let code = rpc.provider().get_code_at(address(maci)).latest().await;
    let code = code.map_err(RpcError::doing("reading a contract's code"))?;
    if code.is_empty() {
        return Ok(Err(format!(
            "names {maci}, where chain {} has no contract",
            rpc.chain()
        )));
    }
    // a contract is called by selectors that stand in its code: the release is told by the poll it can make
    let has = |selector: [u8; 4]| code.windows(4).any(|part| part == selector);
    let makes_a = has(IMaciA::deployPollCall::SELECTOR);
    let makes_b = has(IMaciB::deployPollCall::SELECTOR);
    let contract = IMaci::new(address(maci), rpc.provider().clone());
    let depth = match contract.stateTreeDepth().block(BlockId::latest()).call().await {
        Ok(depth) => depth,
        Err(CallError::TransportError(failure)) if crate::send::Revert::from_failure(&failure).is_none() => {
            return Err(RpcError::doing("asking MACI for its depth")(failure).into());
        }
        Err(_) => {
            return Ok(Err(format!("names {maci}, which does not answer as MACI v3 does")));
        }
    };
    if !makes_a && !makes_b {
        return Ok(Err(format!(
            "names {maci}, a MACI of another version: its polls are not made as MACI v3 makes them"
        )));
    }
    let generation = Generation::of(rpc, maci).await?;
    let verifier_and_registry = match generation {
        Generation::A => given,
        Generation::B => {
            let contract = IMaciB::new(address(maci), rpc.provider().clone());
            let verifier = contract.verifier().block(BlockId::latest()).call().await;
            let verifier = verifier.map_err(ReadError::calling(maci, rpc.chain(), "verifier"))?;
            let registry = contract.verifyingKeysRegistry().block(BlockId::latest()).call().await;
            let registry = registry.map_err(ReadError::calling(maci, rpc.chain(), "verifyingKeysRegistry"))?;
            Some((eth_address(verifier), eth_address(registry)))
        }
    };
    Ok(Ok(Ground {
        generation,
        state_tree_depth: depth,
        verifier_and_registry,
        now,
    }))
}
