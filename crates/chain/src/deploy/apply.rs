use alloy::primitives::B256;
use alloy::providers::Provider;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::{BlockNumber, EthAddress, PollId, PollRef};

use super::check::look;
use super::graph::{Graph, PollSites};
use super::reuse::{Known, Origin};
use super::step::{Act, Said, Traces, record_id};
use super::walk::{Doer, How, Made, Outcome, Todo, Walk, Walked};
use super::{DeployError, Deployed, Design, Memory, Remembered};
use crate::artifacts::Artifacts;
use crate::contracts::Generation;
use crate::reader::{PollAddresses, PollReader};
use crate::rpc::{Rpc, RpcError};
use crate::send::{Call, Landed, Purpose, Submit};

/// The contracts a deployment brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contracts {
    /// MACI and what belongs to it.
    pub maci: MaciContracts,
    /// The polls, in the design's order.
    pub polls: Vec<PollContracts>,
}

/// The contracts of a MACI deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaciContracts {
    /// MACI itself.
    pub maci: EthAddress,
    /// Its generation.
    pub generation: Generation,
    /// Checks proofs; not known for a generation A MACI that was there.
    pub verifier: Option<EthAddress>,
    /// Holds verifying keys.
    pub verifying_keys_registry: Option<EthAddress>,
    /// Guards sign-ups; known if it was deployed along.
    pub sign_up_policy: Option<EthAddress>,
}

/// A poll that was deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollContracts {
    /// Which poll it is.
    pub poll: PollRef,
    /// The block it was deployed in, if its transaction can still be found.
    pub block: Option<BlockNumber>,
    /// Its contracts.
    pub addresses: PollAddresses,
    /// Guards joins.
    pub policy: EthAddress,
    /// Says how many credits a voter gets.
    pub initial_voice_credit_proxy: EthAddress,
}

/// Hears of every contract as soon as it is there: the step that made it, and what it made.
pub type Watch<'a> = &'a mut (dyn FnMut(&str, &Deployed) + Send);

/// Brings a design about on a chain: everything that is not there yet, once, whatever failed before.
///
/// What a step needs is done first; steps that need nothing of each other are handed over together. The design's name
/// and what a step calls make it the same step in a later run, by this process or another.
pub async fn apply(
    rpc: &Rpc,
    artifacts: &Artifacts,
    submit: &dyn Submit,
    memory: &dyn Memory,
    known: &Known,
    design: &Design,
    watch: Watch<'_>,
) -> Result<Contracts, DeployError> {
    let caller = submit.caller();
    let ground = look(rpc, artifacts, memory, caller, design).await?;
    let graph = Graph::draw(rpc, &ground, design, artifacts, memory, known).await?;
    let walk = Walk {
        rpc,
        artifacts,
        memory,
        name: &design.name,
        caller,
        graph: &graph,
    };
    keep_choices(&walk).await?;
    let mut doer = Sending {
        submit,
        name: &design.name,
        watch,
    };
    let walked = walk.all(&mut doer).await?;
    brought_about(rpc, ground.generation, &graph, &walked).await
}

/// Remembers which contracts were chosen instead of making them, so that the deployment stays the same when the lists
/// change.
async fn keep_choices(walk: &Walk<'_>) -> Result<(), DeployError> {
    for step in &walk.graph.steps {
        let Act::Reuse { source, at, origin } = &step.act else {
            continue;
        };
        if *origin == Origin::Deployment {
            continue;
        }
        let chosen = Remembered {
            transaction: None,
            address: Some(*at),
            poll: None,
        };
        let there = Deployed {
            id: record_id(*source),
            address: *at,
            transaction: None,
            arguments: None,
            libraries: None,
            poll: None,
        };
        walk.memory.keep(&walk.key(step, ""), &chosen, &[there]).await?;
    }
    Ok(())
}

async fn brought_about(
    rpc: &Rpc,
    generation: Generation,
    graph: &Graph,
    walked: &Walked,
) -> Result<Contracts, DeployError> {
    let nothing = |what| DeployError::NothingLeft {
        step: "the whole deployment".to_owned(),
        what,
    };
    let maci = walked.at(graph.maci).ok_or_else(|| nothing("MACI"))?;
    let mut polls = Vec::new();
    for PollSites { poll, policy, credits } in &graph.polls {
        let id = walked.made(*poll).and_then(|made| made.poll);
        let id: PollId = id.ok_or_else(|| nothing("poll"))?;
        let reader = PollReader::open(rpc, maci, id).await?;
        polls.push(PollContracts {
            poll: reader.config().poll(),
            block: block_of(rpc, walked.made(*poll)).await?,
            addresses: reader.addresses(),
            policy: walked.at(*policy).ok_or_else(|| nothing("policy"))?,
            initial_voice_credit_proxy: walked.at(*credits).ok_or_else(|| nothing("source of credits"))?,
        });
    }
    Ok(Contracts {
        maci: MaciContracts {
            maci,
            generation,
            verifier: graph.verifier.and_then(|site| walked.at(site)),
            verifying_keys_registry: graph.registry.and_then(|site| walked.at(site)),
            sign_up_policy: graph.sign_up_policy.and_then(|site| walked.at(site)),
        },
        polls,
    })
}

/// The block in which a step was done.
async fn block_of(rpc: &Rpc, made: Option<&Made>) -> Result<Option<BlockNumber>, DeployError> {
    match made.map(|made| &made.how) {
        Some(How::Now { block, .. }) => Ok(*block),
        Some(How::Before(Some(transaction))) => {
            let receipt = rpc.provider().get_transaction_receipt(B256::from(transaction.0)).await;
            let receipt = receipt.map_err(RpcError::doing("looking for a poll's transaction"))?;
            Ok(receipt.and_then(|receipt| receipt.block_number).map(BlockNumber))
        }
        Some(How::Before(None) | How::Reused(_) | How::Found) | None => Ok(None),
    }
}

/// Sends what is to be done.
struct Sending<'a> {
    submit: &'a dyn Submit,
    name: &'a str,
    watch: Watch<'a>,
}

impl Doer for Sending<'_> {
    fn act<'a>(
        &'a mut self,
        wave: &'a [Todo],
    ) -> BoxFuture<'a, Result<Vec<Result<Outcome, DeployError>>, DeployError>> {
        async move {
            let calls = wave.iter().map(|todo| Call {
                // the same words for the same call, so that what was sent before is found again
                purpose: Purpose::new(format!(
                    "deployment {}: {} ({})",
                    self.name, todo.key.step, todo.fingerprint
                )),
                to: todo.prepared.to,
                data: todo.prepared.data.clone(),
            });
            let landed = self.submit.submit_all(calls.collect()).await;
            let outcomes = landed.into_iter().map(|landed| Ok(outcome(landed?)));
            Ok(outcomes.collect())
        }
        .boxed()
    }

    fn is_real(&self) -> bool {
        true
    }

    fn tell(&mut self, step: &str, deployed: &[Deployed]) {
        for one in deployed {
            tracing::info!(id = %one.id, address = %one.address, "deployed");
            (self.watch)(step, one);
        }
    }
}

fn outcome(landed: Landed) -> Outcome {
    let said = landed.logs.into_iter().map(|log| Said {
        by: log.address,
        topics: log.topics,
        data: log.data,
    });
    Outcome {
        transaction: landed.transaction,
        block: Some(landed.block),
        gas: Some(landed.gas_used),
        traces: Traces {
            created: landed.created,
            said: said.collect(),
        },
    }
}
