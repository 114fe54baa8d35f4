//! What the original service's routes answer. Most of it is written as the service below gives it; these say its shape.

use maci_coordinator_core::{progress::Phase, service::ProofView};
use maci_crypto::field::fr_to_decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::scalars::{AddressText, Decimal, HexText, ModeNumber};

/// A batch's proof, as the contract takes it. Circuit inputs are never part of an answer: they hold the coordinator's
/// secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// A Groth16 proof in snarkjs's form.
    #[schema(value_type = Object)]
    pub proof: serde_json::Value,
    /// The public signals, in the contract's order.
    #[schema(value_type = Vec<Decimal>)]
    pub public_inputs: Vec<String>,
}

/// The proofs that were made for a poll.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofsAnswer {
    /// Proofs of message batches, in proving order.
    pub process_proofs: Vec<Proof>,
    /// Proofs of ballot batches, in proving order.
    pub tally_proofs: Vec<Proof>,
}

impl ProofsAnswer {
    /// The proofs, by run.
    #[must_use]
    pub fn of(proofs: Vec<ProofView>) -> Self {
        let (process, tally): (Vec<_>, Vec<_>) = proofs.into_iter().partition(|view| view.phase == Phase::Process);
        let shown = |views: Vec<ProofView>| views.iter().map(Proof::of).collect();
        Self {
            process_proofs: shown(process),
            tally_proofs: shown(tally),
        }
    }
}

impl Proof {
    fn of(view: &ProofView) -> Self {
        Self {
            proof: view.proof.to_snarkjs(),
            public_inputs: view.public_inputs.iter().map(fr_to_decimal).collect(),
        }
    }
}

/// A poll's proofs and its tally.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedProofs {
    /// Proofs of message batches, in proving order.
    pub process_proofs: Vec<Proof>,
    /// Proofs of ballot batches, in proving order.
    pub tally_proofs: Vec<Proof>,
    /// The tally.
    pub tally_data: TallyData,
}

/// A tally as `tally.json` has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TallyData {
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci: String,
    /// The poll's number there.
    #[schema(value_type = Decimal)]
    pub poll_id: String,
    /// The network's name.
    pub network: String,
    /// The chain's number.
    #[schema(value_type = Option<Decimal>)]
    pub chain_id: Option<String>,
    /// How votes were paid for.
    #[schema(value_type = ModeNumber)]
    pub mode: u8,
    /// The tally contract.
    #[schema(value_type = AddressText)]
    pub tally_address: String,
    /// What that contract holds.
    #[schema(value_type = HexText)]
    pub new_tally_commitment: String,
    /// Votes per option.
    pub results: CountsData,
    /// Credits spent on all options.
    pub total_spent_voice_credits: SpentData,
    /// Credits spent per option; QV only.
    pub per_vote_option_spent_voice_credits: Option<CountsData>,
}

/// A number per option, with what opens their commitment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountsData {
    /// One number per option there is room for.
    #[schema(value_type = Vec<Decimal>)]
    pub tally: Vec<String>,
    /// The commitment's salt.
    #[schema(value_type = HexText)]
    pub salt: String,
    /// The commitment.
    #[schema(value_type = HexText)]
    pub commitment: String,
}

/// A number, with what opens its commitment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SpentData {
    /// Credits spent.
    #[schema(value_type = Decimal)]
    pub spent: String,
    /// The commitment's salt.
    #[schema(value_type = HexText)]
    pub salt: String,
    /// The commitment.
    #[schema(value_type = HexText)]
    pub commitment: String,
}

/// Deployed contracts by chain, as `deployed-contracts.json` has them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(value_type = Object)]
#[serde(transparent)]
pub struct Contracts(pub serde_json::Value);

/// The RSA key that clients encrypt for this service with.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// The key in PEM.
    pub public_key: String,
}

/// A deployed MACI instance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaciAddress {
    /// Its address.
    #[schema(value_type = AddressText)]
    pub address: String,
}

/// A deployed poll.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollNumber {
    /// Its number, as text.
    #[schema(value_type = Decimal)]
    pub poll_id: String,
}

/// Whether a poll is going to be finalised at its end.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scheduled {
    /// Whether it is.
    pub is_scheduled: bool,
}

/// A subgraph that was deployed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubgraphUrl {
    /// Where to query it.
    pub url: String,
}
