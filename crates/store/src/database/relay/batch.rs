use maci_protocol::ids::{BlockNumber, PollRef, TxHash};
use maci_protocol::time::Timestamp;

use super::super::column::{exactly, poll_from, poll_key, signed, stored_words, unsigned};
use super::{Relay, commit};
use crate::error::StoreError;

stored_words! {
    /// How far a batch of relayed messages has come.
    BatchState {
        /// Its messages are fixed; nobody else has its file yet.
        Packed = "packed",
        /// Its file was published and read back.
        Published = "published",
        /// A transaction with it may be on its way.
        Sent = "sent",
        /// It is on chain.
        Landed = "landed",
        /// It is on chain, in a block that will stay.
        Final = "final",
        /// It no longer fitted between the poll's other messages; its messages wait again.
        Dissolved = "dissolved",
        /// Voting ended before it was on chain.
        Missed = "missed",
    }
}

/// A poll's message chain at some point, as plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Messages before that point.
    pub messages: u64,
    /// The chain hash there.
    pub hash: [u8; 32],
}

/// Where a batch is on chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnChain {
    /// The transaction.
    pub transaction: TxHash,
    /// Its block.
    pub block: BlockNumber,
    /// The poll's message chain before the batch, and the chain hash after it, where they were found.
    pub chain: Option<(Link, [u8; 32])>,
}

/// A batch of relayed messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayedBatchRow {
    /// The poll.
    pub poll: PollRef,
    /// Its number among the poll's batches; dissolved ones are counted too.
    pub number: u64,
    /// The transaction it goes with, counted per poll.
    pub shipment: u64,
    /// SHA-256 of the published file.
    pub digest: [u8; 32],
    /// How many messages.
    pub messages: u64,
    /// How far it has come.
    pub state: BatchState,
    /// Where it is on chain, if it is.
    pub on_chain: Option<OnChain>,
    /// Since when it stands so.
    pub changed_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(super) struct BatchColumns {
    poll: String,
    number: i64,
    shipment: i64,
    digest: Vec<u8>,
    messages: i64,
    state: String,
    transaction_id: Option<Vec<u8>>,
    block: Option<i64>,
    messages_before: Option<i64>,
    hash_before: Option<Vec<u8>>,
    hash_after: Option<Vec<u8>>,
    changed_at: i64,
}

/// The columns of [`BatchColumns`], in front of the rest of a query.
macro_rules! relayed_batches {
    ($tail:literal) => {
        concat!(
            "SELECT poll, number, shipment, digest, messages, state, transaction_id, block, messages_before, \
             hash_before, hash_after, changed_at FROM relayed_batches ",
            $tail
        )
    };
}

pub(super) use relayed_batches;

impl TryFrom<BatchColumns> for RelayedBatchRow {
    type Error = StoreError;

    fn try_from(row: BatchColumns) -> Result<Self, StoreError> {
        let chain = match (row.messages_before, &row.hash_before, &row.hash_after) {
            (Some(messages), Some(before), Some(after)) => Some((
                Link {
                    messages: unsigned("a count of messages", messages)?,
                    hash: exactly("a chain hash", before)?,
                },
                exactly("a chain hash", after)?,
            )),
            _ => None,
        };
        let on_chain = match (&row.transaction_id, row.block) {
            (Some(transaction), Some(block)) => Some(OnChain {
                transaction: TxHash(exactly("a transaction's hash", transaction)?),
                block: BlockNumber(unsigned("a block", block)?),
                chain,
            }),
            _ => None,
        };
        Ok(Self {
            poll: poll_from(&row.poll)?,
            number: unsigned("a batch's number", row.number)?,
            shipment: unsigned("a shipment's number", row.shipment)?,
            digest: exactly("a batch's digest", &row.digest)?,
            messages: unsigned("a count of messages", row.messages)?,
            state: BatchState::from_word(&row.state)?,
            on_chain,
            changed_at: Timestamp(row.changed_at),
        })
    }
}

impl Relay {
    /// Notes how far the batches of a shipment have come. What is on chain, dissolved or missed stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn advance(
        &self,
        poll: &PollRef,
        shipment: u64,
        state: BatchState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "moving relayed batches on";
        sqlx::query(
            "UPDATE relayed_batches SET state = $3, changed_at = $4 \
             WHERE poll = $1 AND shipment = $2 AND state IN ('packed', 'published', 'sent')",
        )
        .bind(poll_key(poll))
        .bind(signed("shipment", shipment)?)
        .bind(state.word())
        .bind(now.0)
        .execute(self.db.pool())
        .await
        .map_err(StoreError::database(doing))?;
        Ok(())
    }

    /// Notes where the batches of a shipment are on chain, by their numbers; also again, when a block was replaced.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn land(
        &self,
        poll: &PollRef,
        state: BatchState,
        places: &[(u64, OnChain)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "noting where relayed batches are";
        let mut work = self.writing(poll, doing).await?;
        for (number, place) in places {
            let before = place
                .chain
                .map(|(before, _)| signed("count of messages", before.messages));
            sqlx::query(
                "UPDATE relayed_batches SET state = $3, transaction_id = $4, block = $5, messages_before = $6, \
                 hash_before = $7, hash_after = $8, changed_at = $9 WHERE poll = $1 AND number = $2 \
                 AND state <> 'dissolved'",
            )
            .bind(poll_key(poll))
            .bind(signed("batch", *number)?)
            .bind(state.word())
            .bind(place.transaction.0.to_vec())
            .bind(signed("block", place.block.0)?)
            .bind(before.transpose()?)
            .bind(place.chain.map(|(before, _)| before.hash.to_vec()))
            .bind(place.chain.map(|(_, after)| after.to_vec()))
            .bind(now.0)
            .execute(&mut *work)
            .await
            .map_err(StoreError::database(doing))?;
        }
        commit(work, doing).await
    }
}
