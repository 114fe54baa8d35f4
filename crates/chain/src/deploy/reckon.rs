use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::keccak256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolEvent;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::{EthAddress, TxHash};

use super::step::{Prepared, Said, Traces};
use super::walk::{Doer, Outcome, Todo};
use super::{DeployError, Deployed};
use crate::contracts::factories::IFactory;
use crate::contracts::maci::IMaci;
use crate::rpc::{Rpc, RpcError};
use crate::send::Revert;
use crate::words;

/// Stands in for a trial where the node offers none: asks for an estimate of every call whose contracts are all there,
/// and gives stand-ins for the addresses of what is not.
pub(super) struct Reckoning<'a> {
    pub(super) rpc: &'a Rpc,
    pub(super) caller: EthAddress,
    /// Addresses that are only stand-ins.
    pub(super) made_up: Vec<EthAddress>,
}

impl Reckoning<'_> {
    /// The gas of a call, if it can be estimated on the newest state.
    async fn gas(&self, todo: &Todo) -> Result<Option<u64>, DeployError> {
        if leans_on(&todo.prepared, &self.made_up) {
            return Ok(None);
        }
        let mut request = TransactionRequest::default()
            .with_from(words::address(self.caller))
            .with_input(todo.prepared.data.clone());
        match todo.prepared.to {
            Some(to) => request.set_to(words::address(to)),
            None => request.set_create(),
        }
        match self.rpc.provider().estimate_gas(request).block(BlockId::latest()).await {
            Ok(gas) => Ok(Some(gas)),
            Err(error) => match Revert::from_failure(&error) {
                Some(reason) => Err(DeployError::Trial {
                    step: todo.key.step.clone(),
                    reason: reason.to_string(),
                }),
                None => Err(RpcError::doing("estimating a step's gas")(error).into()),
            },
        }
    }
}

/// Whether a call has one of these addresses in it.
fn leans_on(call: &Prepared, addresses: &[EthAddress]) -> bool {
    addresses.iter().any(|at| {
        let is_in_data = call.data.windows(at.0.len()).any(|part| part == at.0);
        call.to == Some(*at) || is_in_data
    })
}

impl Doer for Reckoning<'_> {
    fn act<'a>(
        &'a mut self,
        wave: &'a [Todo],
    ) -> BoxFuture<'a, Result<Vec<Result<Outcome, DeployError>>, DeployError>> {
        async move {
            let mut outcomes = Vec::new();
            for todo in wave {
                let gas = self.gas(todo).await;
                outcomes.push(gas.map(|gas| {
                    let made_up = |number: u8| {
                        let hash = keccak256([todo.fingerprint.as_bytes(), &[number]].concat());
                        words::eth_address(alloy::primitives::Address::from_word(hash))
                    };
                    let addresses = [0, 1, 2].map(made_up);
                    self.made_up.extend(addresses);
                    Outcome {
                        transaction: TxHash(keccak256(&todo.fingerprint).0),
                        block: None,
                        gas,
                        traces: traces(&todo.prepared, addresses),
                    }
                }));
            }
            Ok(outcomes)
        }
        .boxed()
    }

    fn is_real(&self) -> bool {
        false
    }

    fn tell(&mut self, _: &str, _: &[Deployed]) {}
}

/// What a call would leave, with stand-ins for addresses: a contract, or clones and a poll, whichever is looked for.
fn traces(call: &Prepared, made_up: [EthAddress; 3]) -> Traces {
    let Some(to) = call.to else {
        return Traces {
            created: Some(made_up[0]),
            said: Vec::new(),
        };
    };
    let is_poll = call.shown.is_none() && is_deploy_poll(&call.data);
    let clones = made_up.into_iter().take(if is_poll { 3 } else { 1 });
    let mut said: Vec<Said> = clones
        .map(|clone| {
            let event = IFactory::CloneDeployed {
                clone: words::address(clone),
            };
            said_by(to, &event.encode_log_data())
        })
        .collect();
    if is_poll {
        let event = IMaci::DeployPoll {
            _pollId: Default::default(),
            _coordinatorPublicKeyX: Default::default(),
            _coordinatorPublicKeyY: Default::default(),
            _mode: 0,
        };
        said.push(said_by(to, &event.encode_log_data()));
    }
    Traces { created: None, said }
}

fn is_deploy_poll(data: &[u8]) -> bool {
    use alloy::sol_types::SolCall;

    use crate::contracts::maci::{IMaciA, IMaciB};
    let selector = data.get(..4);
    selector == Some(&IMaciA::deployPollCall::SELECTOR) || selector == Some(&IMaciB::deployPollCall::SELECTOR)
}

fn said_by(by: EthAddress, log: &alloy::primitives::LogData) -> Said {
    Said {
        by,
        topics: log.topics().iter().map(|topic| topic.0).collect(),
        data: log.data.to_vec(),
    }
}
