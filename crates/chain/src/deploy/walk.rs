use std::collections::BTreeMap;

use alloy::eips::BlockId;
use futures::future::BoxFuture;
use maci_protocol::ids::{BlockNumber, EthAddress, PollId, TxHash};

use super::graph::{Graph, SHARED};
use super::reuse::{Comparer, Origin};
use super::step::{Act, Left, Prepared, Site, Step, Traces};
use super::{DeployError, Deployed, Memory, Remembered, StepKey};
use crate::artifacts::Artifacts;
use crate::contracts::policies::IPolicy;
use crate::reader::{ReadError, Registry};
use crate::rpc::Rpc;
use crate::words::{address, eth_address};

/// What does the steps that have not been done: it sends them, or tries them out.
pub(super) trait Doer: Send {
    /// Does calls that need nothing of each other. What it answers is in their order.
    fn act<'a>(&'a mut self, wave: &'a [Todo])
    -> BoxFuture<'a, Result<Vec<Result<Outcome, DeployError>>, DeployError>>;

    /// Whether what it does stays.
    fn is_real(&self) -> bool;

    /// Hears of a contract that is there, as soon as it is.
    fn tell(&mut self, step: &str, deployed: &[Deployed]);
}

/// A call that is to be made.
#[derive(Debug)]
pub(super) struct Todo {
    pub(super) step: usize,
    pub(super) key: StepKey,
    pub(super) prepared: Prepared,
    /// A number that is the same for the same call, whatever the step's key says.
    pub(super) fingerprint: String,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) transaction: TxHash,
    /// The block it is in; none if it was only tried out.
    pub(super) block: Option<BlockNumber>,
    pub(super) gas: Option<u64>,
    pub(super) traces: Traces,
}

/// How a step came to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    /// It is a contract that was there before.
    Reused(Origin),
    /// This deployment did it before.
    Before(Option<TxHash>),
    /// The chain says that it is so already.
    Found,
    /// It was done now, or would be.
    Now {
        gas: Option<u64>,
        block: Option<BlockNumber>,
    },
}

/// A step that is done.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) how: How,
    pub(super) address: Option<EthAddress>,
    pub(super) poll: Option<PollId>,
    /// The call that does it.
    pub(super) prepared: Option<Prepared>,
}

/// A walk through a deployment's steps, in the graph's waves.
pub(super) struct Walk<'a> {
    pub(super) rpc: &'a Rpc,
    pub(super) artifacts: &'a Artifacts,
    pub(super) memory: &'a dyn Memory,
    pub(super) name: &'a str,
    pub(super) caller: EthAddress,
    pub(super) graph: &'a Graph,
}

/// Everything a walk has done.
#[derive(Debug, Default)]
pub(super) struct Walked(BTreeMap<usize, Made>);

impl Walked {
    pub(super) fn made(&self, step: usize) -> Option<&Made> {
        self.0.get(&step)
    }

    /// Where something is.
    pub(super) fn at(&self, site: Site) -> Option<EthAddress> {
        match site {
            Site::At(at) => Some(at),
            Site::Of(step) => self.0.get(&step)?.address,
        }
    }
}

impl Walk<'_> {
    /// Does every step that has not been done. If some calls of a wave fail, what the others did is kept first.
    ///
    /// A wave is never left before it is whole, in whichever run: so calls come in the same order, get the same nonces, and
    /// make contracts at the same addresses, however often the walk is interrupted.
    pub(super) async fn all(&self, doer: &mut dyn Doer) -> Result<Walked, DeployError> {
        let mut walked = Walked::default();
        let mut comparer = Comparer::new(self.rpc, self.artifacts);
        for steps in self.graph.waves() {
            let mut wave = Vec::new();
            for number in steps {
                match self.look(number, self.step(number)?, &walked, &mut comparer).await? {
                    Ok(made) => {
                        walked.0.insert(number, made);
                    }
                    Err(todo) => wave.push(todo),
                }
            }
            if !wave.is_empty() {
                self.act(doer, wave, &mut walked).await?;
            }
        }
        Ok(walked)
    }

    /// Whether a step is done already; the call to make if it is not.
    async fn look(
        &self,
        number: usize,
        step: &Step,
        walked: &Walked,
        comparer: &mut Comparer<'_>,
    ) -> Result<Result<Made, Todo>, DeployError> {
        let prepared = step.prepare(self.artifacts, self.caller, &|step| walked.at(Site::Of(step)))?;
        let Some(prepared) = prepared else {
            return self.chosen(step).await.map(Ok);
        };
        let fingerprint = prepared.fingerprint(self.caller);
        let key = self.key(step, &fingerprint);
        if let Some(left) = self.memory.find(&key).await? {
            if self.is_there(step, &left, comparer).await? {
                return Ok(Ok(Made {
                    how: How::Before(left.transaction),
                    address: left.address,
                    poll: left.poll,
                    prepared: Some(prepared),
                }));
            }
            tracing::warn!(step = %step.name, "what was deployed is gone from the chain; doing the step again");
        } else if self.is_so(step, walked).await? {
            return Ok(Ok(Made {
                how: How::Found,
                address: None,
                poll: None,
                prepared: Some(prepared),
            }));
        }
        Ok(Err(Todo {
            step: number,
            key,
            prepared,
            fingerprint,
        }))
    }

    /// A contract that was chosen instead of making one; remembered, so that the choice stays.
    async fn chosen(&self, step: &Step) -> Result<Made, DeployError> {
        let Act::Reuse { at, origin, .. } = &step.act else {
            return Err(DeployError::NothingLeft {
                step: step.name.clone(),
                what: "call",
            });
        };
        Ok(Made {
            how: How::Reused(*origin),
            address: Some(*at),
            poll: None,
            prepared: None,
        })
    }

    pub(super) fn key(&self, step: &Step, fingerprint: &str) -> StepKey {
        let is_shared = match &step.act {
            Act::Create { is_shared, .. } => *is_shared,
            Act::Reuse { .. } => true,
            Act::Clone { .. } | Act::KeysAtOnce { .. } | Act::Key { .. } | Act::Poll { .. } | Act::Guard { .. } => {
                false
            }
        };
        StepKey {
            chain: self.rpc.chain(),
            deployment: self.name.to_owned(),
            step: step.name.clone(),
            fingerprint: if is_shared { SHARED } else { fingerprint }.to_owned(),
        }
    }

    /// Whether what a step left is still on the chain.
    async fn is_there(&self, step: &Step, left: &Remembered, comparer: &mut Comparer<'_>) -> Result<bool, DeployError> {
        let Some(at) = left.address else {
            return Ok(true);
        };
        Ok(match &step.act {
            Act::Create { source, .. } => comparer.compare(*source, at).await?.is_ok(),
            _ => !comparer.code(at).await?.is_empty(),
        })
    }

    /// Whether the chain says that a call is not needed: the policy guards its target, the keys are set.
    async fn is_so(&self, step: &Step, walked: &Walked) -> Result<bool, DeployError> {
        let there = |site: Site| {
            let is_new = |step| {
                matches!(
                    walked.made(step),
                    Some(Made {
                        how: How::Now { .. },
                        ..
                    })
                )
            };
            match site {
                Site::At(at) => Some(at),
                Site::Of(step) if is_new(step) => None,
                Site::Of(_) => walked.at(site),
            }
        };
        match &step.act {
            Act::Guard { policy, target } => match (there(*policy), walked.at(*target)) {
                (Some(policy), Some(target)) => self.guards(policy, target).await,
                _ => Ok(false),
            },
            Act::KeysAtOnce { registry, keys } => match there(*registry) {
                Some(at) => self.all_set(at, &keys.slots()).await,
                None => Ok(false),
            },
            Act::Key { registry, slot, key } => match there(*registry) {
                Some(at) => self.all_set(at, &[(*slot, key)]).await,
                None => Ok(false),
            },
            Act::Reuse { .. } | Act::Create { .. } | Act::Clone { .. } | Act::Poll { .. } => Ok(false),
        }
    }

    async fn guards(&self, policy: EthAddress, target: EthAddress) -> Result<bool, DeployError> {
        let contract = IPolicy::new(address(policy), self.rpc.provider().clone());
        let guarded = contract.guarded().block(BlockId::latest()).call().await;
        let guarded = guarded.map_err(ReadError::calling(policy, self.rpc.chain(), "guarded"))?;
        match eth_address(guarded) {
            already if already == target => Ok(true),
            none if none.is_zero() => Ok(false),
            guarded => Err(DeployError::PolicyTaken { policy, guarded }),
        }
    }

    async fn all_set(
        &self,
        registry: EthAddress,
        slots: &[(crate::reader::KeySlot, &maci_protocol::groth16::VerifyingKey)],
    ) -> Result<bool, DeployError> {
        let reader = Registry::new(self.rpc.clone(), registry);
        let mut set = 0;
        for (slot, key) in slots {
            match reader.key(*slot).await? {
                None => {}
                Some(there) if there == **key => set += 1,
                Some(_) => {
                    return Err(DeployError::OtherKey {
                        registry,
                        slot: slot.to_string(),
                    });
                }
            }
        }
        Ok(set == slots.len())
    }

    async fn act(&self, doer: &mut dyn Doer, wave: Vec<Todo>, walked: &mut Walked) -> Result<(), DeployError> {
        let outcomes = doer.act(&wave).await?;
        let mut failed = None;
        let mut calls_before: BTreeMap<(TxHash, Option<EthAddress>), usize> = BTreeMap::new();
        for (todo, outcome) in wave.into_iter().zip(outcomes) {
            let done = outcome.and_then(|outcome| {
                let earlier = calls_before
                    .entry((outcome.transaction, todo.prepared.to))
                    .and_modify(|count| *count += 1)
                    .or_insert(0);
                let step = self.step(todo.step)?;
                let left = step.read(&todo.prepared, outcome.transaction, &outcome.traces, *earlier)?;
                Ok((outcome, left))
            });
            match done {
                Ok((outcome, left)) => {
                    if doer.is_real() {
                        self.keep(&todo.key, &outcome, &left).await?;
                        doer.tell(&todo.key.step, &left.deployed);
                    }
                    let made = Made {
                        how: How::Now {
                            gas: outcome.gas,
                            block: outcome.block,
                        },
                        address: left.address,
                        poll: left.poll,
                        prepared: Some(todo.prepared),
                    };
                    walked.0.insert(todo.step, made);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn step(&self, number: usize) -> Result<&Step, DeployError> {
        self.graph.steps.get(number).ok_or_else(|| DeployError::NothingLeft {
            step: number.to_string(),
            what: "step",
        })
    }

    async fn keep(&self, key: &StepKey, outcome: &Outcome, left: &Left) -> Result<(), DeployError> {
        let remembered = Remembered {
            transaction: Some(outcome.transaction),
            address: left.address,
            poll: left.poll,
        };
        self.memory.keep(key, &remembered, &left.deployed).await?;
        Ok(())
    }
}
