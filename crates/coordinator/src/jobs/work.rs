use maci_protocol::ids::{BlockNumber, ChainId, PollRef};
use serde::{Deserialize, Serialize};

use super::JobKind;
use crate::deploy::{Description, MaciConfig, PollConfig};
use crate::senders::SenderChoice;

/// What a job is to do, as it is written down. No secret is part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Work {
    Merge {
        poll: PollRef,
        /// Who sends; the poll's own if nobody is named. The same in the others.
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    Generate {
        poll: PollRef,
        #[serde(default)]
        start_block: Option<BlockNumber>,
        /// The coordinator's key came with the request.
        #[serde(default)]
        key_given: bool,
    },
    Submit {
        poll: PollRef,
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    Finalise {
        poll: PollRef,
        #[serde(default)]
        start_block: Option<BlockNumber>,
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    DeployMaci {
        chain: ChainId,
        config: MaciConfig,
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    DeployPoll {
        chain: ChainId,
        config: PollConfig,
        /// The name of the coordinator key.
        #[serde(default)]
        key: Option<String>,
        /// Whether a timeline decides when it is finalised.
        #[serde(default)]
        paused: bool,
        /// The entry of the schedule that asked for it: asked twice, it is one deployment.
        #[serde(default)]
        schedule: Option<uuid::Uuid>,
        /// Who deploys it and, later, sends for it.
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        sender: SenderChoice,
    },
    Apply {
        chain: ChainId,
        description: Description,
    },
}

impl Work {
    pub(crate) fn kind(&self) -> JobKind {
        match self {
            Self::Merge { .. } => JobKind::Merge,
            Self::Generate { .. } => JobKind::Generate,
            Self::Submit { .. } => JobKind::Submit,
            Self::Finalise { .. } => JobKind::Finalise,
            Self::DeployMaci { .. } => JobKind::DeployMaci,
            Self::DeployPoll { .. } => JobKind::DeployPoll,
            Self::Apply { .. } => JobKind::Apply,
        }
    }

    pub(crate) fn poll(&self) -> Option<PollRef> {
        match self {
            Self::Merge { poll, .. }
            | Self::Generate { poll, .. }
            | Self::Submit { poll, .. }
            | Self::Finalise { poll, .. } => Some(*poll),
            Self::DeployMaci { .. } | Self::DeployPoll { .. } | Self::Apply { .. } => None,
        }
    }

    /// Who is to send for it.
    pub(crate) fn sender(&self) -> &SenderChoice {
        match self {
            Self::Merge { sender, .. }
            | Self::Submit { sender, .. }
            | Self::Finalise { sender, .. }
            | Self::DeployMaci { sender, .. }
            | Self::DeployPoll { sender, .. } => sender,
            Self::Apply { description, .. } => &description.sender,
            Self::Generate { .. } => &SenderChoice::ChainDefault,
        }
    }

    /// What makes two requests the same while neither has ended: the poll for what is done to one, the whole request for
    /// a deployment.
    pub(crate) fn key(&self) -> String {
        let kind = self.kind();
        match self.poll() {
            Some(poll) => format!("{kind} {poll}"),
            None => format!("{kind} {}", serde_json::to_string(self).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use maci_protocol::ids::PollId;

    use super::*;

    fn poll(id: u64) -> PollRef {
        PollRef {
            chain: ChainId(31_337),
            maci: Default::default(),
            poll: PollId(id),
        }
    }

    #[test]
    fn the_same_thing_for_the_same_poll_is_the_same_job_and_nothing_else_is() {
        let finalise = |id, start| Work::Finalise {
            poll: poll(id),
            start_block: start,
            sender: SenderChoice::ChainDefault,
        };
        assert_eq!(finalise(1, None).key(), finalise(1, Some(BlockNumber(7))).key());
        assert_ne!(finalise(1, None).key(), finalise(2, None).key());
        assert_ne!(
            finalise(1, None).key(),
            Work::Merge {
                poll: poll(1),
                sender: SenderChoice::ChainDefault
            }
            .key()
        );
    }

    #[test]
    fn work_reads_back_as_written() {
        let work = Work::Generate {
            poll: poll(3),
            start_block: Some(BlockNumber(9)),
            key_given: true,
        };
        let written = serde_json::to_value(&work).unwrap();
        assert_eq!(serde_json::from_value::<Work>(written).unwrap(), work);
    }
}
