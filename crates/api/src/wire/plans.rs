//! What a deployment would do and cost.

use maci_coordinator_core::deploy::{Outline, OutlinedRefusal, OutlinedStep};
use serde::Serialize;
use utoipa::ToSchema;

use super::scalars::{AddressText, Decimal, HexText};

/// What a deployment would do and cost. Nothing was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanAnswer {
    /// The deployment's name.
    pub name: String,
    /// The chain's name, or its number where it has none.
    pub chain: String,
    /// Who would send it.
    #[schema(value_type = AddressText)]
    pub sender: String,
    /// Every step, each behind those it needs.
    pub steps: Vec<PlannedStepAnswer>,
    /// Listed contracts that are not used again.
    pub refused: Vec<UnusedContractAnswer>,
    /// Whether everything was tried out together on a copy of the newest state.
    pub is_simulated: bool,
    /// What could not be tried out, and why.
    pub notes: Vec<String>,
    /// Calls that would be sent.
    pub to_send: usize,
    /// The gas of all of them, as far as it is known.
    pub gas: u64,
    /// Wei per unit of gas, as the chain asks now.
    #[schema(value_type = Decimal)]
    pub gas_price: String,
    /// What that costs, in wei.
    #[schema(value_type = Decimal)]
    pub fee: String,
    /// What the sender has, in wei.
    #[schema(value_type = Decimal)]
    pub balance: String,
    /// Whether that is enough at the present price.
    pub is_affordable: bool,
}

/// A step of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStepAnswer {
    /// Its name.
    pub name: String,
    /// `deploy`, `call`, `reuse` or `done`.
    pub action: String,
    /// The contract it makes or uses.
    pub contract: Option<String>,
    /// Where that is or will be.
    #[schema(value_type = Option<AddressText>)]
    pub address: Option<String>,
    /// Who says that a contract that is used again is there.
    pub listed_by: Option<String>,
    /// The transaction of what was done before.
    #[schema(value_type = Option<HexText>)]
    pub transaction: Option<String>,
    /// The contract called.
    #[schema(value_type = Option<AddressText>)]
    pub to: Option<String>,
    /// What it is called with, or a new contract's code.
    #[schema(value_type = Option<HexText>)]
    pub data: Option<String>,
    /// The gas it takes, if that is known.
    pub gas: Option<u64>,
    /// What that costs, in wei.
    #[schema(value_type = Option<Decimal>)]
    pub fee: Option<String>,
    /// The steps it waits for.
    pub after: Vec<String>,
}

/// A listed contract that is not used again.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnusedContractAnswer {
    /// What it is listed as.
    pub contract: String,
    /// Where.
    #[schema(value_type = AddressText)]
    pub address: String,
    /// By whom.
    pub listed_by: String,
    /// Why it is not used.
    pub reason: String,
}

impl From<Outline> for PlanAnswer {
    fn from(outline: Outline) -> Self {
        Self {
            name: outline.name,
            chain: outline.chain,
            sender: outline.sender.to_string(),
            steps: outline.steps.into_iter().map(Into::into).collect(),
            refused: outline.refused.into_iter().map(Into::into).collect(),
            is_simulated: outline.is_simulated,
            notes: outline.notes,
            to_send: outline.to_send,
            gas: outline.gas,
            gas_price: outline.gas_price,
            fee: outline.fee,
            balance: outline.balance,
            is_affordable: outline.is_affordable,
        }
    }
}

impl From<OutlinedStep> for PlannedStepAnswer {
    fn from(step: OutlinedStep) -> Self {
        Self {
            name: step.name,
            action: step.action.to_owned(),
            contract: step.contract,
            address: step.address.map(|at| at.to_string()),
            listed_by: step.listed_by.map(str::to_owned),
            transaction: step.transaction.map(|hash| hash.to_string()),
            to: step.to.map(|at| at.to_string()),
            data: step.data,
            gas: step.gas,
            fee: step.fee,
            after: step.after,
        }
    }
}

impl From<OutlinedRefusal> for UnusedContractAnswer {
    fn from(refusal: OutlinedRefusal) -> Self {
        Self {
            contract: refusal.contract,
            address: refusal.address.to_string(),
            listed_by: refusal.listed_by.to_owned(),
            reason: refusal.reason,
        }
    }
}
