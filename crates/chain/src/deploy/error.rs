use maci_crypto::trees::TreeError;
use maci_protocol::ids::EthAddress;

use super::{Complaint, MemoryError};
use crate::Remedy;
use crate::artifacts::ArtifactError;
use crate::contracts::Generation;
use crate::reader::ReadError;
use crate::rpc::RpcError;
use crate::send::SendError;

/// A deployment that did not come about. What was done before stays done and is not repeated.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A step was not mined.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The compiled contracts cannot be used.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// Something on the chain cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// MACI's state tree depth cannot be.
    #[error("state tree depth {depth}: {source}")]
    Depth {
        /// The depth.
        depth: u8,
        /// Why not.
        source: TreeError,
    },
    /// The deployment breaks rules; nothing was sent for it.
    #[error("the deployment is refused: {}", told(complaints))]
    Refused {
        /// Every rule it breaks, and where.
        complaints: Vec<Complaint>,
    },
    /// Tried out, a step would fail. Nothing was sent.
    #[error("tried out, `{step}` fails: {reason}")]
    Trial {
        /// The step.
        step: String,
        /// Why.
        reason: String,
    },
    /// The record of deployments failed.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// A registry's slot holds another key, and keys cannot be replaced.
    #[error(
        "the registry {registry} already holds another verifying key for {slot}; deploy MACI anew or use the keys' own circuits"
    )]
    OtherKey {
        /// The registry.
        registry: EthAddress,
        /// Which key.
        slot: String,
    },
    /// A policy guards something else.
    #[error("the policy {policy} already guards {guarded}; every MACI and every poll needs a policy of its own")]
    PolicyTaken {
        /// The policy.
        policy: EthAddress,
        /// What it guards.
        guarded: EthAddress,
    },
    /// A generation A poll needs to be told verifier and registry.
    #[error("MACI {maci} is of generation {generation}, whose polls name verifier and registry, and neither was given")]
    VerifierNotGiven {
        /// The MACI contract.
        maci: EthAddress,
        /// Its generation.
        generation: Generation,
    },
    /// A mined step did not leave what it should have.
    #[error("the transaction for `{step}` left no {what}; are these the official contracts?")]
    NothingLeft {
        /// The step.
        step: String,
        /// What it should have left.
        what: &'static str,
    },
}

impl DeployError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Send(error) => error.remedy(),
            Self::Read(error) => error.remedy(),
            Self::Rpc(error) => error.remedy(),
            Self::Memory(_) => Remedy::Retry,
            Self::Refused { .. } => Remedy::Abandon,
            Self::Artifact(_)
            | Self::Depth { .. }
            | Self::Trial { .. }
            | Self::OtherKey { .. }
            | Self::PolicyTaken { .. }
            | Self::VerifierNotGiven { .. }
            | Self::NothingLeft { .. } => Remedy::AskOperator,
        }
    }
}

fn told(complaints: &[Complaint]) -> String {
    let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    told.join("; ")
}
