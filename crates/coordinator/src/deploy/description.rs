use maci_chain::deploy::Complaint;
use maci_protocol::ids::EthAddress;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scalars::{CreditsDescription, ModeName, PolicyDescription, When};
use super::{Number, pointer};
use crate::senders::SenderChoice;

/// A deployment: a MACI, or one that is there, and polls of it. Applied again it goes on where it was, and does nothing
/// twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    /// What tells this deployment from others on the chain: 1 to 40 letters, digits, `.`, `_` and `-`. The same name is the
    /// same deployment; another name deploys anew.
    #[schemars(length(min = 1, max = 40), regex(pattern = r"^[A-Za-z0-9._-]+$"))]
    pub name: String,
    /// Where: a chain's name or id.
    pub chain: String,
    /// Which contracts that are there already may be used again, once their code was compared; all known ones if not given.
    #[serde(default, skip_serializing_if = "Reuse::is_known")]
    pub reuse: Reuse,
    /// Who sends: a sender's name, or `session:` and the address of a delegated key; the chain's own if not given. The
    /// polls keep it.
    #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
    #[schemars(with = "String")]
    pub sender: SenderChoice,
    /// The MACI contract.
    pub maci: MaciDescription,
    /// Its polls, each deployed once, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub polls: Vec<PollDescription>,
}

/// Which contracts that are there already may be used again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// What was deployed from here, what the operator lists, and what the public list has.
    #[default]
    Known,
    /// What was deployed from here and what the operator lists.
    Own,
    /// None but those the description names.
    Nothing,
}

impl Reuse {
    fn is_known(&self) -> bool {
        *self == Self::Known
    }
}

/// A MACI to deploy, or one that is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaciDescription {
    /// One that is there; then neither `stateTreeDepth` nor `policy` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub address: Option<EthAddress>,
    /// Levels of the tree of sign-ups, 2 to 32: it has room for 2 to this power, less one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_tree_depth: Option<Number>,
    /// Who may sign up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyDescription>,
    /// The verifying keys to register, a set per size. They are those of the circuits this coordinator has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verifying_keys: Vec<KeysDescription>,
    /// A verifier that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub verifier: Option<EthAddress>,
    /// A registry of verifying keys that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub verifying_keys_registry: Option<EthAddress>,
    /// Poseidon libraries that are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poseidon: Option<PoseidonDescription>,
}

/// Poseidon libraries that are there; what is not named is found or deployed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoseidonDescription {
    /// For two inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub poseidon_t3: Option<EthAddress>,
    /// For three inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub poseidon_t4: Option<EthAddress>,
    /// For four inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub poseidon_t5: Option<EthAddress>,
    /// For five inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub poseidon_t6: Option<EthAddress>,
}

/// Verifying keys of one size of circuits, for one or several modes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeysDescription {
    /// For polls of these modes.
    pub modes: Vec<ModeName>,
    /// Levels of a tally batch.
    pub tally_processing_state_tree_depth: Number,
    /// Levels of the tree of vote options.
    pub vote_option_tree_depth: Number,
    /// Messages in a batch.
    pub message_batch_size: Number,
}

/// A poll to deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PollDescription {
    /// What tells it from the deployment's other polls: 1 to 20 letters, digits, `.`, `_` and `-`; its place if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[A-Za-z0-9._-]+$"))]
    pub name: Option<String>,
    /// The first moment of voting.
    pub start_date: When,
    /// The last moment of voting.
    pub end_date: When,
    /// How votes are paid for.
    pub mode: ModeName,
    /// Levels of a tally batch.
    pub tally_processing_state_tree_depth: Number,
    /// Levels of the tree of vote options: it has room for 5 to this power.
    pub vote_option_tree_depth: Number,
    /// Levels of the state tree; MACI's, and refused if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_tree_depth: Option<Number>,
    /// Messages in a batch; exactly the circuit's.
    pub message_batch_size: Number,
    /// Options voters choose between.
    pub vote_options: Number,
    /// Who may join.
    pub policy: PolicyDescription,
    /// How many credits a voter gets.
    pub voice_credits: CreditsDescription,
    /// Who may relay messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub relayers: Vec<EthAddress>,
    /// The name of the coordinator key here; a key of the poll's own is made if neither this nor a public key is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinator_key: Option<String>,
    /// The public coordinator key, `macipk.…`, of a key that is kept elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinator_public_key: Option<String>,
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// The place of the first thing that is not as the schema says, and what it should be.
    pub fn read(document: &Value) -> Result<Self, Vec<Complaint>> {
        serde_path_to_error::deserialize(document).map_err(|error| {
            let pointer = pointer::of(error.path());
            vec![Complaint::new(pointer, format!("is refused: {}", error.into_inner()))]
        })
    }
}

/// The JSON schema of [`Description`], as it is published.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(Description).to_value()
}

#[cfg(test)]
mod tests;
