//! What can be asked for, parsed.

use std::time::Duration;

use crate::jobs::JobState;
use maci_protocol::ids::{BlockNumber, ChainId, PollRef};
use maci_protocol::poll::Mode;

use crate::deploy::{MaciConfig, PollConfig};
use crate::senders::SenderChoice;

/// To watch a poll: from then on it is brought to its result when its time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRequest {
    /// The poll.
    pub poll: PollRef,
    /// The block its history begins at; searched for when not given.
    pub deployment_block: Option<BlockNumber>,
    /// Why it is watched.
    pub source: Source,
    /// Whether it is only looked at, and finalised when somebody asks.
    pub paused: bool,
    /// Who sends for it; what it was before, if nobody is named.
    pub sender: SenderChoice,
}

/// Why a poll is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody asked.
    Api,
    /// This service deployed it.
    Deployed,
    /// It stands in the settings.
    Settings,
}

impl Source {
    /// The word for clients.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Deployed => "deployed",
            Self::Settings => "settings",
        }
    }
}

/// To merge a closed poll's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRequest {
    /// The poll.
    pub poll: PollRef,
    /// Who sends; the poll's own sender if nobody is named.
    pub sender: SenderChoice,
}

/// To prove all batches of a merged poll and write the files, without sending anything.
#[derive(Debug, Clone)]
pub struct GenerateRequest {
    /// The poll.
    pub poll: PollRef,
    /// The mode the client believes the poll has; another one is refused.
    pub mode: Option<Mode>,
    /// The block the poll's history begins at.
    pub start_block: Option<BlockNumber>,
    /// The coordinator's key encrypted to this service, when the client sends it instead of keeping it with the service.
    /// It is not written down: after a crash the client has to ask again.
    pub encrypted_key: Option<String>,
}

/// To put the proofs that were made, and the results, on chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitRequest {
    /// The poll.
    pub poll: PollRef,
    /// Who sends; the poll's own sender if nobody is named.
    pub sender: SenderChoice,
}

/// To deploy MACI.
#[derive(Debug, Clone)]
pub struct DeployMaciRequest {
    /// Where.
    pub chain: ChainId,
    /// What.
    pub config: MaciConfig,
    /// Who deploys it.
    pub sender: SenderChoice,
}

/// To deploy a poll of the newest MACI recorded for the chain.
#[derive(Debug, Clone)]
pub struct DeployPollRequest {
    /// Where.
    pub chain: ChainId,
    /// What.
    pub config: PollConfig,
    /// The name of the coordinator key to deploy it with; a key of its own is made if not given.
    pub key: Option<String>,
    /// Who deploys it and, later, sends for it.
    pub sender: SenderChoice,
}

/// To finalise a poll at its end by the scheduler's interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalisationRequest {
    /// The poll.
    pub poll: PollRef,
    /// The block its history begins at.
    pub deployment_block: Option<BlockNumber>,
    /// The mode the client believes the poll has; another one is refused.
    pub mode: Option<Mode>,
    /// Who sends for it; the chain's default if nobody is named.
    pub sender: SenderChoice,
}

/// Which jobs to list; what is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobQuery {
    /// Of this poll.
    pub poll: Option<PollRef>,
    /// In this state.
    pub state: Option<JobState>,
    /// Of this kind, such as `finalise`.
    pub kind: Option<String>,
    /// At most so many; 100 if not given.
    pub limit: Option<u32>,
    /// Older than this job, for the next page.
    pub before: Option<crate::jobs::JobId>,
}

/// How long a graceful stop may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace(pub Duration);

impl Default for Grace {
    fn default() -> Self {
        Self(Duration::from_secs(20))
    }
}
