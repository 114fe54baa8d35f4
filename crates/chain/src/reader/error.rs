use alloy::contract::Error as CallError;
use maci_protocol::groth16::Groth16Error;
use maci_protocol::ids::{ChainId, EthAddress, PollRef};
use maci_protocol::poll::{ConfigError, DepthError};

use crate::Remedy;
use crate::rpc::RpcError;
use crate::send::Revert;

/// A poll that cannot be read, or that nobody could finalise.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing is deployed there.
    #[error("there is no contract at {address} on chain {chain}; check address and chain")]
    NoContract {
        /// The address.
        address: EthAddress,
        /// The chain.
        chain: ChainId,
    },
    /// What is deployed there does not answer as MACI does.
    #[error("the contract at {address} on chain {chain} does not answer `{call}` as MACI v3 does")]
    NotMaci {
        /// The address.
        address: EthAddress,
        /// The chain.
        chain: ChainId,
        /// What was asked.
        call: &'static str,
    },
    /// MACI has made no such poll.
    #[error("{poll} does not exist; that MACI has made {polls} polls, counted from 0")]
    NoSuchPoll {
        /// The poll asked for.
        poll: PollRef,
        /// How many there are.
        polls: u64,
    },
    /// The poll's state tree is not as deep as MACI's, so its keys and ballot root do not fit.
    #[error(
        "{poll} has state tree depth {poll_depth}, but MACI has {maci_depth}; such a poll cannot be finalised, deploy it with MACI's depth"
    )]
    StateDepth {
        /// The poll.
        poll: PollRef,
        /// Its depth.
        poll_depth: u8,
        /// MACI's depth.
        maci_depth: u8,
    },
    /// A mode that only forks of MACI have.
    #[error("{poll} has mode {mode}; MACI v3 has 0 (QV), 1 (NON_QV) and 2 (FULL), further ones belong to forks")]
    UnknownMode {
        /// The poll.
        poll: PollRef,
        /// The mode's number.
        mode: u8,
    },
    /// Depths no circuit has.
    #[error("{poll}: {source}")]
    Depths {
        /// The poll.
        poll: PollRef,
        /// Which.
        source: DepthError,
    },
    /// Parameters no poll can have.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The coordinator's key is not one.
    #[error("{poll}: the coordinator's public key is not on the curve")]
    CoordinatorKey {
        /// The poll.
        poll: PollRef,
    },
    /// A key in the registry is not one.
    #[error("the verifying key of {slot} in the registry {registry} is malformed: {source}")]
    VerifyingKey {
        /// Which key.
        slot: String,
        /// The registry.
        registry: EthAddress,
        /// How.
        source: Groth16Error,
    },
    /// A number is larger than a contract can have counted to.
    #[error("`{call}` of {address} answers a number beyond 64 bits; ask another endpoint")]
    OutOfRange {
        /// The contract.
        address: EthAddress,
        /// What was asked.
        call: &'static str,
    },
    /// The contract refused to answer.
    #[error("`{call}` of {address} was refused: {reason}")]
    Refused {
        /// The contract.
        address: EthAddress,
        /// What was asked.
        call: &'static str,
        /// Its reason.
        reason: Revert,
    },
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

impl ReadError {
    /// For `map_err` after a call of `call` on the contract at `address`.
    pub(crate) fn calling(address: EthAddress, chain: ChainId, call: &'static str) -> impl Fn(CallError) -> Self {
        move |error| match error {
            CallError::ZeroData(..) => Self::NoContract { address, chain },
            CallError::TransportError(failure) => match Revert::from_failure(&failure) {
                Some(reason) => Self::Refused { address, call, reason },
                None => RpcError::doing("reading a contract")(failure).into(),
            },
            CallError::UnknownFunction(_)
            | CallError::UnknownSelector(_)
            | CallError::NotADeploymentTransaction
            | CallError::ContractNotDeployed
            | CallError::AbiError(_)
            | CallError::PendingTransactionError(_) => Self::NotMaci { address, chain, call },
        }
    }

    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoContract { .. } | Self::NotMaci { .. } | Self::NoSuchPoll { .. } => Remedy::AskOperator,
            Self::VerifyingKey { .. } | Self::Refused { .. } => Remedy::AskOperator,
            Self::StateDepth { .. }
            | Self::UnknownMode { .. }
            | Self::Depths { .. }
            | Self::Config(_)
            | Self::CoordinatorKey { .. } => Remedy::Abandon,
            Self::OutOfRange { .. } => Remedy::Retry,
            Self::Rpc(error) => error.remedy(),
        }
    }
}
