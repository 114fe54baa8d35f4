use std::fmt;

use maci_protocol::circuit::Profile;
use maci_protocol::ids::{BlockNumber, MessageIndex, PollRef};
use serde::Serialize;

/// Something about an open poll that an operator should know while it can still be mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "warning", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Warning {
    /// The state tree is nearly full.
    VoterCapacity {
        /// Voters who joined.
        voters: u64,
        /// Voters who can join.
        capacity: u64,
    },
    /// Nobody can prove a message with the poll's circuits as things stand.
    UnprovableMessage {
        /// Its place in the poll.
        message: MessageIndex,
        /// Why.
        reason: String,
    },
    /// The contract's hashes do not follow from its logs: messages were relayed across the end of a batch, or the
    /// endpoint leaves logs out.
    BatchHashesBroken {
        /// What differs.
        detail: String,
    },
    /// The content of relayed messages is not here.
    RelayedMessagesMissing {
        /// Which.
        detail: String,
    },
    /// Messages that were relayed may not be on chain when voting ends, or were not.
    RelayedMessagesLate,
    /// The poll's coordinator key is not in custody.
    CoordinatorKeyMissing {
        /// Its public half.
        public_key: String,
    },
    /// The circuits cannot be used for the poll.
    Circuits {
        /// Why not.
        detail: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VoterCapacity { voters, capacity } => {
                write!(f, "{voters} voters have joined and only {capacity} can")
            }
            Self::UnprovableMessage { message, reason } => {
                write!(f, "message {message} cannot be proved as things stand: {reason}")
            }
            Self::BatchHashesBroken { detail } | Self::RelayedMessagesMissing { detail } => f.write_str(detail),
            Self::RelayedMessagesLate => f.write_str(
                "messages taken from voters may not be on chain when voting ends; tell the voters to publish on chain",
            ),
            Self::CoordinatorKeyMissing { public_key } => {
                write!(
                    f,
                    "the poll's coordinator key {public_key} is not in custody; import it before the end"
                )
            }
            Self::Circuits { detail } => write!(f, "the poll could not be proved here: {detail}"),
        }
    }
}

/// What finalising a poll now would come to. The votes themselves are not told: while voting is open nobody should know
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    /// The poll.
    pub poll: PollRef,
    /// The block up to which its history was read.
    pub block: BlockNumber,
    /// Whose circuits would prove it.
    #[serde(serialize_with = "profile_name")]
    pub profile: Profile,
    /// Messages, the placeholder included.
    pub messages: u64,
    /// Leaves, the blank one included.
    pub leaves: u64,
    /// Messages that count; none known while some cannot be proved.
    pub valid: Option<u64>,
    /// Proofs of message batches needed.
    pub process_batches: u64,
    /// Proofs of ballot batches needed.
    pub tally_batches: u64,
    /// Whether the tally comes out and could be proved.
    pub provable: bool,
    /// Milliseconds it took to work out.
    pub millis: u64,
    /// Everything that stands in the way.
    pub warnings: Vec<Warning>,
}

fn profile_name<S: serde::Serializer>(profile: &Profile, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(profile)
}
