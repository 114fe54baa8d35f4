use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::time::Timestamp;

use super::super::column::{exactly, poll_from, unsigned};
use crate::error::StoreError;

/// Bytes of a message: ten elements of ciphertext and two coordinates.
const CONTENT: usize = 384;

/// A message's hash and its content, both as big-endian words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayedContent {
    /// What enters the poll's chain.
    pub hash: [u8; 32],
    /// Ten elements of ciphertext, then the encryption key's two coordinates.
    pub content: Box<[u8; CONTENT]>,
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayedMessageRow {
    /// The poll.
    pub poll: PollRef,
    /// Its place in the order in which the poll's messages were taken.
    pub place: u64,
    /// With whose proof it came.
    pub state_index: StateIndex,
    /// The message.
    pub message: RelayedContent,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// By when it is to be on chain.
    pub promised_by: Timestamp,
    /// The number of the batch it is in, if it waits no longer.
    pub batch: Option<u64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct MessageColumns {
    poll: String,
    place: i64,
    hash: Vec<u8>,
    state_index: i64,
    content: Vec<u8>,
    taken_at: i64,
    promised_by: i64,
    batch: Option<i64>,
}

/// The columns of [`MessageColumns`], in front of the rest of a query.
macro_rules! relayed_messages {
    ($tail:literal) => {
        concat!(
            "SELECT poll, place, hash, state_index, content, taken_at, promised_by, batch FROM relayed_messages ",
            $tail
        )
    };
}

pub(super) use relayed_messages;

impl TryFrom<MessageColumns> for RelayedMessageRow {
    type Error = StoreError;

    fn try_from(row: MessageColumns) -> Result<Self, StoreError> {
        let batch = row.batch.map(|number| unsigned("a batch's number", number));
        Ok(Self {
            poll: poll_from(&row.poll)?,
            place: unsigned("a message's place", row.place)?,
            state_index: StateIndex(unsigned("a state index", row.state_index)?),
            message: RelayedContent {
                hash: exactly("a message's hash", &row.hash)?,
                content: Box::new(exactly("a message", &row.content)?),
            },
            taken_at: Timestamp(row.taken_at),
            promised_by: Timestamp(row.promised_by),
            batch: batch.transpose()?,
        })
    }
}
