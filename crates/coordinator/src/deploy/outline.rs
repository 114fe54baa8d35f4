use maci_chain::deploy::{Fate, Plan, PlannedStep, Refusal};
use maci_protocol::ids::{EthAddress, TxHash};
use serde::Serialize;

use crate::networks::network_name;

/// A plan as it is told: amounts are decimal texts in wei.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// The deployment's name.
    pub name: String,
    /// The chain's name, or its id where it has none.
    pub chain: String,
    /// Who would send it.
    pub sender: EthAddress,
    /// Every step, each behind those it needs.
    pub steps: Vec<OutlinedStep>,
    /// Listed contracts that are not used again, and why.
    pub refused: Vec<OutlinedRefusal>,
    /// Whether everything was tried out together on a copy of the newest state.
    pub is_simulated: bool,
    /// What could not be tried out, and why.
    pub notes: Vec<String>,
    /// Calls that would be sent.
    pub to_send: usize,
    /// The gas of all of them, as far as it is known.
    pub gas: u64,
    /// Wei per unit of gas, as the chain asks now.
    pub gas_price: String,
    /// What that costs; on chains above others the fee for data comes on top.
    pub fee: String,
    /// What the sender has.
    pub balance: String,
    /// Whether that is enough at the present price.
    pub is_affordable: bool,
}

/// A step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutlinedStep {
    /// Its name.
    pub name: String,
    /// `deploy`, `call`, `reuse` or `done`.
    pub action: &'static str,
    /// The contract it makes or uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Where that is or will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<EthAddress>,
    /// Who says that a contract that is used again is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_by: Option<&'static str>,
    /// The transaction of what was done before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TxHash>,
    /// The contract called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<EthAddress>,
    /// What it is called with, or a new contract's code; none for what was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The gas it takes, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gas: Option<u64>,
    /// What that costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    /// The steps it waits for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
}

/// A listed contract that is not used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutlinedRefusal {
    /// What it is listed as.
    pub contract: String,
    /// Where.
    pub address: EthAddress,
    /// By whom.
    pub listed_by: &'static str,
    /// Why it is not used.
    pub reason: String,
}

impl Outline {
    /// Tells a plan; `notes` are what else is to be said.
    #[must_use]
    pub fn of(plan: &Plan, mut notes: Vec<String>) -> Self {
        if let Err(reason) = &plan.trial {
            notes.push(format!(
                "the node cannot try calls out on a copy of its state ({reason}): each step was estimated by itself"
            ));
        }
        if plan.unknown() > 0 {
            let count = plan.unknown();
            notes.push(format!(
                "the gas of {count} steps is not known: they call contracts that are not there yet; the total is a lower bound"
            ));
        }
        let fee = plan.fee();
        Self {
            name: plan.name.clone(),
            chain: network_name(plan.chain),
            sender: plan.caller,
            steps: plan.steps.iter().map(|step| outlined(step, plan.gas_price)).collect(),
            refused: plan.refused.iter().map(refusal).collect(),
            is_simulated: plan.trial.is_ok(),
            notes,
            to_send: plan.to_send(),
            gas: plan.gas(),
            gas_price: plan.gas_price.to_string(),
            fee: fee.to_string(),
            balance: plan.balance.to_string(),
            is_affordable: fee <= plan.balance,
        }
    }
}

fn outlined(step: &PlannedStep, price: u128) -> OutlinedStep {
    let (action, listed_by, transaction, gas) = match &step.fate {
        Fate::Reused(origin) => ("reuse", Some(origin.word()), None, None),
        Fate::Done(transaction) => ("done", None, *transaction, None),
        Fate::Sent(gas) => (
            if step.contract.is_some() { "deploy" } else { "call" },
            None,
            None,
            *gas,
        ),
    };
    let is_sent = matches!(step.fate, Fate::Sent(_));
    OutlinedStep {
        name: step.name.clone(),
        action,
        contract: step.contract.clone(),
        address: step.address,
        listed_by,
        transaction,
        to: step.to.filter(|_| is_sent),
        data: is_sent.then(|| format!("0x{}", hex::encode(&step.data))),
        gas,
        fee: gas.map(|gas| u128::from(gas).saturating_mul(price).to_string()),
        after: step.after.clone(),
    }
}

fn refusal(refusal: &Refusal) -> OutlinedRefusal {
    OutlinedRefusal {
        contract: refusal.contract.to_owned(),
        address: refusal.at,
        listed_by: refusal.origin.word(),
        reason: refusal.reason.to_string(),
    }
}
