use alloy::primitives::U256;
use alloy::providers::Provider;
use maci_protocol::ids::{ChainId, EthAddress, TxHash};

use super::check::look;
use super::graph::Graph;
use super::reckon::Reckoning;
use super::reuse::{Known, Origin, Refusal};
use super::simulate::Trial;
use super::step::{Act, Step, record_id};
use super::walk::{How, Made, Walk, Walked};
use super::{DeployError, Design, Memory};
use crate::artifacts::Artifacts;
use crate::rpc::{Rpc, RpcError};
use crate::words::address;

/// What a deployment would do, and what it would cost.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The deployment's name.
    pub name: String,
    /// Where.
    pub chain: ChainId,
    /// Who would send it.
    pub caller: EthAddress,
    /// Every step, each behind those it needs.
    pub steps: Vec<PlannedStep>,
    /// Listed contracts that are not used again.
    pub refused: Vec<Refusal>,
    /// Whether the steps were tried out together; if not, why.
    pub trial: Result<(), String>,
    /// Wei per unit of gas, as the chain asks now.
    pub gas_price: u128,
    /// What the sender has, in wei.
    pub balance: U256,
}

/// A step of a plan.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
    /// The contract it makes or chooses, by its id.
    pub contract: Option<String>,
    /// Where that is or will be; of the poll, if it makes one.
    pub address: Option<EthAddress>,
    /// The contract called; none makes one.
    pub to: Option<EthAddress>,
    /// What it is called with; a new contract's code.
    pub data: Vec<u8>,
    /// The names of the steps it waits for.
    pub after: Vec<String>,
}

/// What becomes of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A contract that is there is used; its code was compared.
    Reused(Origin),
    /// It was done before, with this transaction.
    Done(Option<TxHash>),
    /// It is sent; the gas it takes, if that could be found out.
    Sent(Option<u64>),
}

impl Plan {
    /// The gas of everything that is sent, as far as it is known.
    #[must_use]
    pub fn gas(&self) -> u64 {
        let known = self.steps.iter().filter_map(|step| match step.fate {
            Fate::Sent(gas) => gas,
            Fate::Reused(_) | Fate::Done(_) => None,
        });
        known.fold(0, u64::saturating_add)
    }

    /// What that costs at the present price, in wei.
    #[must_use]
    pub fn fee(&self) -> U256 {
        U256::from(self.gas()).saturating_mul(U256::from(self.gas_price))
    }

    /// Steps that would be sent.
    #[must_use]
    pub fn to_send(&self) -> usize {
        let is_sent = |step: &&PlannedStep| matches!(step.fate, Fate::Sent(_));
        self.steps.iter().filter(is_sent).count()
    }

    /// Steps whose gas nobody could find out.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let is_unknown = |step: &&PlannedStep| step.fate == Fate::Sent(None);
        self.steps.iter().filter(is_unknown).count()
    }
}

/// Computes what [`super::apply`] would do now, and sends nothing.
///
/// The steps are tried out together on a copy of the newest state, so that each sees what those before it left. Where
/// the node cannot do that, each is estimated by itself if everything it needs is there.
pub async fn plan(
    rpc: &Rpc,
    artifacts: &Artifacts,
    caller: EthAddress,
    memory: &dyn Memory,
    known: &Known,
    design: &Design,
) -> Result<Plan, DeployError> {
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
    let mut trial = Trial::new(rpc, caller);
    let (walked, trial) = match trial.is_possible().await? {
        Ok(()) => (walk.all(&mut trial).await?, Ok(())),
        Err(no) => {
            let mut reckoning = Reckoning {
                rpc,
                caller,
                made_up: Vec::new(),
            };
            (walk.all(&mut reckoning).await?, Err(no.reason))
        }
    };
    let provider = rpc.provider();
    let gas_price = provider.get_gas_price().await;
    let balance = provider.get_balance(address(caller)).latest().await;
    Ok(Plan {
        name: design.name.clone(),
        chain: rpc.chain(),
        caller,
        steps: planned(&graph, &walked, trial.is_ok()),
        refused: graph.refused.clone(),
        trial,
        gas_price: gas_price.map_err(RpcError::doing("asking for the gas price"))?,
        balance: balance.map_err(RpcError::doing("reading the sender's balance"))?,
    })
}

fn planned(graph: &Graph, walked: &Walked, is_tried: bool) -> Vec<PlannedStep> {
    let name = |step: &usize| graph.steps.get(*step).map(|step| step.name.clone());
    let steps = graph.steps.iter().enumerate().filter_map(|(number, step)| {
        let made = walked.made(number)?;
        let fate = fate(made);
        // without a trial, what is not there yet has no address that means anything
        let has_address = is_tried || !matches!(fate, Fate::Sent(_));
        let (to, data) = made
            .prepared
            .as_ref()
            .map_or((None, Vec::new()), |prepared| (prepared.to, prepared.data.clone()));
        Some(PlannedStep {
            name: step.name.clone(),
            contract: contract(step),
            address: made.address.filter(|_| has_address),
            to,
            data,
            after: step.needs().iter().filter_map(name).collect(),
            fate,
        })
    });
    steps.collect()
}

fn fate(made: &Made) -> Fate {
    match &made.how {
        How::Reused(origin) => Fate::Reused(*origin),
        How::Before(transaction) => Fate::Done(*transaction),
        How::Found => Fate::Done(None),
        How::Now { gas, block: _ } => Fate::Sent(*gas),
    }
}

fn contract(step: &Step) -> Option<String> {
    match &step.act {
        Act::Reuse { source, .. } | Act::Create { source, .. } => Some(record_id(*source)),
        Act::Clone { id, .. } => Some(id.clone()),
        Act::Poll { .. } => Some("Poll".to_owned()),
        Act::KeysAtOnce { .. } | Act::Key { .. } | Act::Guard { .. } => None,
    }
}
