use maci_crypto::trees::TreeError;
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::ConfigError;

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
    /// The poll's parameters contradict each other.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// MACI's state tree depth cannot be.
    #[error("state tree depth {depth}: {source}")]
    Depth {
        /// The depth.
        depth: u8,
        /// Why not.
        source: TreeError,
    },
    /// The poll's state tree is not as deep as MACI's.
    #[error("the poll would have state tree depth {poll}, but MACI has {maci}; such a poll could not be finalised")]
    StateDepth {
        /// The poll's.
        poll: u8,
        /// MACI's.
        maci: u8,
    },
    /// Voting would end before it starts, or has ended already.
    #[error("voting would be from {start} to {end}, and now it is {now} (Unix seconds); the end must be after both")]
    Dates {
        /// The start.
        start: u64,
        /// The end.
        end: u64,
        /// The newest block's time.
        now: u64,
    },
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
            Self::Artifact(_)
            | Self::Config(_)
            | Self::Depth { .. }
            | Self::StateDepth { .. }
            | Self::Dates { .. }
            | Self::OtherKey { .. }
            | Self::PolicyTaken { .. }
            | Self::VerifierNotGiven { .. }
            | Self::NothingLeft { .. } => Remedy::AskOperator,
        }
    }
}
