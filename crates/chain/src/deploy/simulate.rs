use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::simulate::SimCallResult;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::{EthAddress, TxHash};
use serde_json::{Value, json};

use super::step::{Prepared, Said, Traces};
use super::walk::{Doer, Outcome, Todo};
use super::{DeployError, Deployed};
use crate::rpc::{Rpc, RpcError};
use crate::send::Revert;
use crate::words::{address, eth_address};

/// What the caller's account is given while calls are tried out: code that makes a contract of whatever it is called
/// with, in the caller's name, and answers with its address. So contracts get the addresses they will have, on nodes
/// that cannot try out the making of contracts, too.
///
/// `CALLDATACOPY(0, 0, CALLDATASIZE)`, `MSTORE(0, CREATE(0, 0, CALLDATASIZE))`, `RETURN(0, 32)`.
const MAKER: &str = "0x3660006000373660006000f060005260206000f3";

/// Who calls the caller's account for that; its nonce does not matter.
const STARTER: Address = Address::with_last_byte(0xde);

/// Tries calls out on a copy of the newest state, each on what those before it left.
pub(super) struct Trial<'a> {
    rpc: &'a Rpc,
    caller: EthAddress,
    /// Every call so far.
    calls: Vec<Prepared>,
}

/// Why a node cannot try calls out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoTrial {
    /// The node's words.
    pub(super) reason: String,
}

impl<'a> Trial<'a> {
    pub(super) fn new(rpc: &'a Rpc, caller: EthAddress) -> Self {
        Self {
            rpc,
            caller,
            calls: Vec::new(),
        }
    }

    /// Whether the node can do it at all.
    pub(super) async fn is_possible(&self) -> Result<Result<(), NoTrial>, RpcError> {
        // a contract of no code
        let probe = Prepared {
            to: None,
            data: Vec::new(),
            shown: None,
            libraries: None,
        };
        match self.run(&[probe]).await {
            Ok(_) => Ok(Ok(())),
            Err(RpcError::Failed { source, .. }) if source.as_error_resp().is_some() => Ok(Err(NoTrial {
                reason: source
                    .as_error_resp()
                    .map(|error| error.message.chars().take(200).collect())
                    .unwrap_or_default(),
            })),
            Err(error) => Err(error),
        }
    }

    /// The results of these calls, one after the other.
    async fn run(&self, calls: &[Prepared]) -> Result<Vec<SimCallResult>, RpcError> {
        let caller = address(self.caller);
        let overrides = json!({ caller.to_string(): { "code": MAKER } });
        let blocks: Vec<Value> = calls
            .iter()
            .enumerate()
            .map(|(number, call)| {
                let data = Bytes::copy_from_slice(&call.data);
                let request = match call.to {
                    Some(to) => json!({ "from": caller, "to": address(to), "input": data }),
                    None => json!({ "from": STARTER, "to": caller, "input": data }),
                };
                // a block each, so that no block is too full
                match number {
                    0 => json!({ "stateOverrides": overrides, "calls": [request] }),
                    _ => json!({ "calls": [request] }),
                }
            })
            .collect();
        let asked = json!([{ "blockStateCalls": blocks, "validation": false }, "latest"]);
        let client = self.rpc.provider().client();
        let answered: Result<Vec<Value>, _> = client.request("eth_simulateV1", asked).await;
        let answered = answered.map_err(RpcError::doing("trying a deployment out"))?;
        let read = |mut block: Value| {
            let calls = block.get_mut("calls").map(Value::take).unwrap_or_default();
            serde_json::from_value::<Vec<SimCallResult>>(calls).unwrap_or_default()
        };
        Ok(answered.into_iter().flat_map(read).collect())
    }
}

impl Doer for Trial<'_> {
    fn act<'a>(
        &'a mut self,
        wave: &'a [Todo],
    ) -> BoxFuture<'a, Result<Vec<Result<Outcome, DeployError>>, DeployError>> {
        async move {
            self.calls.extend(wave.iter().map(|todo| todo.prepared.clone()));
            let results = self.run(&self.calls).await?;
            let first = self.calls.len() - wave.len();
            let own = wave.iter().enumerate().map(|(place, todo)| {
                let unanswered = || DeployError::NothingLeft {
                    step: todo.key.step.clone(),
                    what: "answer of the node that tried it out",
                };
                let result = results.get(first + place).ok_or_else(unanswered)?;
                read(todo, place, result)
            });
            Ok(own.collect())
        }
        .boxed()
    }

    fn is_real(&self) -> bool {
        false
    }

    fn tell(&mut self, _: &str, _: &[Deployed]) {}
}

fn read(todo: &Todo, place: usize, result: &SimCallResult) -> Result<Outcome, DeployError> {
    let refused = |reason| DeployError::Trial {
        step: todo.key.step.clone(),
        reason,
    };
    if !result.status {
        let data = result.error.as_ref().and_then(|error| error.data.clone());
        let data = data.unwrap_or_else(|| result.return_data.clone());
        return Err(refused(Revert::from_data(&data).to_string()));
    }
    let created = match todo.prepared.to {
        Some(_) => None,
        None => {
            let low = result.return_data.get(12..32).map(Address::from_slice);
            let made = low.filter(|made| !made.is_zero());
            Some(eth_address(made.ok_or_else(|| {
                refused("its constructor refuses, or its code is too large".to_owned())
            })?))
        }
    };
    let said = result.logs.iter().map(|log| Said {
        by: eth_address(log.address()),
        topics: log.topics().iter().map(|topic| topic.0).collect(),
        data: log.inner.data.data.to_vec(),
    });
    // every call is its own transaction, whatever the node calls it
    let mut transaction = [0; 32];
    if let Some(last) = transaction.last_chunk_mut() {
        *last = (place as u64).to_be_bytes();
    }
    Ok(Outcome {
        transaction: TxHash(transaction),
        block: None,
        gas: Some(result.gas_used),
        traces: Traces {
            created,
            said: said.collect(),
        },
    })
}
