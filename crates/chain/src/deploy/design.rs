use maci_crypto::keys::PublicKey;
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, TreeDepths};

use super::{KeySet, Policy, VoiceCredits};
use crate::reader::Period;

/// Everything one deployment is to bring about: a MACI, or one that is there, and polls of it.
#[derive(Debug, Clone)]
pub struct Design {
    /// What people call the deployment; the same name goes on with the same deployment.
    pub name: String,
    /// The MACI contract.
    pub maci: MaciDesign,
    /// Its polls, each deployed once.
    pub polls: Vec<PollDesign>,
}

/// Which MACI.
#[derive(Debug, Clone)]
pub enum MaciDesign {
    /// A new one.
    New(Box<NewMaci>),
    /// One that is there.
    There {
        /// Its address.
        maci: EthAddress,
        /// Verifier and registry; generation A asks for them with every poll, generation B has its own.
        verifier_and_registry: Option<(EthAddress, EthAddress)>,
        /// Verifying keys its registry is to have besides those that are there; only its owner can add them.
        keys: Vec<KeySet>,
    },
}

/// A MACI to deploy.
#[derive(Debug, Clone)]
pub struct NewMaci {
    /// Levels of the tree of sign-ups; its polls have the same.
    pub state_tree_depth: u8,
    /// Who may sign up.
    pub sign_up_policy: PolicyDesign,
    /// Which verifier checks proofs.
    pub verifier: VerifierKind,
    /// A registry of verifying keys that is there; a new one if not given.
    pub registry: Option<EthAddress>,
    /// The verifying keys to register.
    pub keys: Vec<KeySet>,
    /// Poseidon contracts that are there, for two to five inputs.
    pub poseidon: [Option<EthAddress>; 4],
}

/// Which verifier checks proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierKind {
    /// The real one.
    Groth16,
    /// One that accepts everything, for tests of what surrounds proofs.
    AcceptsEverything,
    /// One that is there.
    There(EthAddress),
}

/// Which policy guards something.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyDesign {
    /// A new one.
    New(Policy),
    /// One that is there and guards nothing yet.
    There(EthAddress),
}

/// A poll to deploy.
#[derive(Debug, Clone)]
pub struct PollDesign {
    /// What tells it from the deployment's other polls.
    pub name: String,
    /// How votes are paid for.
    pub mode: Mode,
    /// How large its trees are.
    pub depths: TreeDepths,
    /// Messages per processing proof; exactly the circuit's.
    pub message_batch_size: u8,
    /// Options voters choose between.
    pub vote_options: u64,
    /// When votes are taken.
    pub period: Period,
    /// The key messages are encrypted for.
    pub coordinator: PublicKey,
    /// Who may join.
    pub policy: PolicyDesign,
    /// How many credits a voter gets.
    pub credits: VoiceCredits,
    /// Who may relay messages.
    pub relayers: Vec<EthAddress>,
}

impl MaciDesign {
    /// The keys to register.
    #[must_use]
    pub fn keys(&self) -> &[KeySet] {
        match self {
            Self::New(new) => &new.keys,
            Self::There { keys, .. } => keys,
        }
    }
}
