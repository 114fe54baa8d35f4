use maci_crypto::keys::PublicKey;

use super::{Mode, TreeDepths};
use crate::circuit::{CircuitId, Template};
use crate::ids::PollRef;

/// A poll's parameters as somebody claims them.
#[derive(Debug, Clone)]
pub struct PollParameters {
    /// Which poll.
    pub poll: PollRef,
    /// How its votes are paid for.
    pub mode: Mode,
    /// How large its trees are.
    pub depths: TreeDepths,
    /// Messages in one processing batch, as the poll contract holds it.
    pub message_batch_size: u8,
    /// Options voters can choose between; at most `5^depth`.
    pub vote_options: u64,
    /// The key that messages are encrypted for.
    pub coordinator_public_key: PublicKey,
}

/// A poll's parameters, checked to be ones that circuits and contracts can hold.
#[derive(Debug, Clone)]
pub struct PollConfig(PollParameters);

/// Parameters that no poll can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No batch would ever be full.
    #[error("{poll}: the message batch size is 0")]
    EmptyBatches {
        /// Which poll.
        poll: PollRef,
    },
    /// No option, or more than the tree has leaves.
    #[error("{poll}: {options} vote options, but the vote option tree has room for 1 to {capacity}")]
    VoteOptions {
        /// Which poll.
        poll: PollRef,
        /// Options claimed.
        options: u64,
        /// Options the tree can hold.
        capacity: usize,
    },
}

impl PollConfig {
    /// Checks a poll's parameters.
    pub fn new(claimed: PollParameters) -> Result<Self, ConfigError> {
        let poll = claimed.poll;
        let capacity = claimed.depths.vote_option_capacity();
        if claimed.message_batch_size == 0 {
            return Err(ConfigError::EmptyBatches { poll });
        }
        if claimed.vote_options == 0 || claimed.vote_options > capacity as u64 {
            return Err(ConfigError::VoteOptions {
                poll,
                options: claimed.vote_options,
                capacity,
            });
        }
        Ok(Self(claimed))
    }

    /// Which poll.
    pub fn poll(&self) -> PollRef {
        self.0.poll
    }

    /// How its votes are paid for.
    pub fn mode(&self) -> Mode {
        self.0.mode
    }

    /// How large its trees are.
    pub fn depths(&self) -> TreeDepths {
        self.0.depths
    }

    /// Messages in one processing batch; at least 1.
    pub fn message_batch_size(&self) -> u8 {
        self.0.message_batch_size
    }

    /// Options voters can choose between; at least 1.
    pub fn vote_options(&self) -> u64 {
        self.0.vote_options
    }

    /// The key that messages are encrypted for.
    pub fn coordinator_public_key(&self) -> &PublicKey {
        &self.0.coordinator_public_key
    }

    /// The circuit that proves one batch of this poll's messages.
    pub fn process_circuit(&self) -> CircuitId {
        let depths = self.depths();
        CircuitId::new(
            Template::MessageProcessor(self.mode()),
            &[
                depths.state_tree(),
                self.message_batch_size(),
                depths.vote_option_tree(),
            ],
        )
    }

    /// The circuit that proves one batch of this poll's tally; FULL polls share NON_QV's.
    pub fn tally_circuit(&self) -> CircuitId {
        let depths = self.depths();
        CircuitId::new(
            Template::vote_tally(self.mode()),
            &[
                depths.state_tree(),
                depths.tally_processing_state_tree(),
                depths.vote_option_tree(),
            ],
        )
    }

    /// The circuit with which a voter joins.
    pub fn joining_circuit(&self) -> CircuitId {
        CircuitId::new(Template::PollJoining, &[self.depths().state_tree()])
    }

    /// The circuit with which a voter shows that it has joined.
    pub fn joined_circuit(&self) -> CircuitId {
        CircuitId::new(Template::PollJoined, &[self.depths().state_tree()])
    }
}
