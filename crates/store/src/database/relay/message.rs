use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::time::Timestamp;
use sqlx::AnyConnection;

use super::super::column::{exactly, poll_from, poll_key, signed, unsigned};
use super::{Relay, commit};
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

/// Messages that came in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelayed {
    /// For which poll.
    pub poll: PollRef,
    /// With whose proof.
    pub state_index: StateIndex,
    /// In which order; all are taken, or none.
    pub messages: Vec<RelayedContent>,
    /// When.
    pub taken_at: Timestamp,
    /// By when they are to be on chain.
    pub promised_by: Timestamp,
}

/// What became of a request's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// They are kept, the first at this place in the poll's order.
    At(u64),
    /// None was kept: this one of them, counted from 0, was taken before.
    Duplicate(usize),
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

impl Relay {
    /// Keeps the messages of several requests, in order. Once this answers they survive everything that the database
    /// survives.
    ///
    /// # Errors
    /// When the database fails; then none of them is kept.
    pub async fn take(&self, requests: &[NewRelayed]) -> Result<Vec<Taken>, StoreError> {
        let doing = "keeping relayed messages";
        let mut work = self.db.writing("relay", doing).await?;
        let mut taken = Vec::with_capacity(requests.len());
        for request in requests {
            taken.push(take_one(&mut work, request).await?);
        }
        commit(work, doing).await?;
        Ok(taken)
    }
}

async fn take_one(database: &mut AnyConnection, request: &NewRelayed) -> Result<Taken, StoreError> {
    let key = poll_key(&request.poll);
    let failed = || StoreError::database("keeping relayed messages");
    let mut seen: Vec<&[u8; 32]> = Vec::with_capacity(request.messages.len());
    for (number, message) in request.messages.iter().enumerate() {
        let known: Option<i64> = sqlx::query_scalar("SELECT place FROM relayed_messages WHERE hash = $1 AND poll = $2")
            .bind(&message.hash[..])
            .bind(&key)
            .fetch_optional(&mut *database)
            .await
            .map_err(failed())?;
        if known.is_some() || seen.contains(&&message.hash) {
            return Ok(Taken::Duplicate(number));
        }
        seen.push(&message.hash);
    }
    let next: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(place), -1) + 1 FROM relayed_messages WHERE poll = $1")
        .bind(&key)
        .fetch_one(&mut *database)
        .await
        .map_err(failed())?;
    for (place, message) in (next..).zip(&request.messages) {
        sqlx::query(
            "INSERT INTO relayed_messages (poll, place, hash, state_index, content, taken_at, promised_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&key)
        .bind(place)
        .bind(&message.hash[..])
        .bind(signed("state index", request.state_index.0)?)
        .bind(&message.content[..])
        .bind(request.taken_at.0)
        .bind(request.promised_by.0)
        .execute(&mut *database)
        .await
        .map_err(failed())?;
    }
    Ok(Taken::At(unsigned("a message's place", next)?))
}
