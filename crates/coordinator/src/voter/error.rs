use maci_chain::Remedy;
use maci_chain::logs::{LogError, UnreadableLog};
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_chain::send::SendError;
use maci_crypto::trees::TreeError;
use maci_protocol::ids::EthAddress;
use maci_protocol::statement::JoiningError;
use maci_protocol::vote::CommandError;
use maci_proving::ProveError;

/// A voter's action that did not come about.
#[derive(Debug, thiserror::Error)]
pub enum VoterError {
    /// The key has not signed up.
    #[error("this key has not signed up with MACI {0}; sign it up first")]
    NotSignedUp(EthAddress),
    /// The key has not joined.
    #[error("this key has not joined the poll {0}; join it first")]
    NotJoined(EthAddress),
    /// The transaction left no event.
    #[error("the transaction left no {0} event; are these the official contracts?")]
    NoEvent(&'static str),
    /// The sign-up events do not make the tree whose root the contract has.
    #[error("the sign-ups read from the chain do not lead to MACI's root; ask another endpoint")]
    OtherRoot,
    /// The path cannot be proven.
    #[error(transparent)]
    Joining(#[from] JoiningError),
    /// The tree has no such leaf.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A number does not fit a command.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The proof could not be made.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// A contract could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Logs could not be read.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// A log does not say what it should.
    #[error(transparent)]
    Unreadable(#[from] UnreadableLog),
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// A transaction did not land.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl VoterError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Read(error) => error.remedy(),
            Self::Logs(error) => error.remedy(),
            Self::Rpc(error) => error.remedy(),
            Self::Send(error) => error.remedy(),
            Self::OtherRoot | Self::Unreadable(_) => Remedy::Retry,
            Self::NotSignedUp(_)
            | Self::NotJoined(_)
            | Self::NoEvent(_)
            | Self::Joining(_)
            | Self::Tree(_)
            | Self::Command(_)
            | Self::Prove(_) => Remedy::AskOperator,
        }
    }
}
