//! Messages taken from voters who pay no gas, until they are on chain and after.
//!
//! - `message`  a message as it is kept
//! - `take`     the messages of many requests, in one write
//! - `batch`    batches, and how far they have come
//! - `pack`     waiting messages into batches, and back
//! - `read`     what is told about them
//!
//! A message waits, is packed into a batch, and stays in it unless the batch is dissolved before it landed; then it waits
//! again, at its old place.

mod batch;
mod message;
mod pack;
mod read;
mod take;

pub use batch::{BatchState, Link, OnChain, RelayedBatchRow};
pub use message::{RelayedContent, RelayedMessageRow};
pub use pack::{NewBatch, Shipment};
pub use read::{BatchFilter, RelayCounts, Waiting};
pub use take::{NewRelayed, Taken};

use maci_protocol::ids::PollRef;

use super::Db;
use super::column::poll_key;
use super::engine::Work;
use crate::error::StoreError;

/// Relayed messages and their batches.
#[derive(Debug, Clone)]
pub struct Relay {
    db: Db,
}

impl Relay {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Writers about one poll's batches follow one another.
    async fn writing(&self, poll: &PollRef, doing: &'static str) -> Result<Work, StoreError> {
        self.db.writing(&format!("relay/{}", poll_key(poll)), doing).await
    }
}

async fn commit(work: Work, doing: &'static str) -> Result<(), StoreError> {
    work.commit().await.map_err(StoreError::database(doing))
}
