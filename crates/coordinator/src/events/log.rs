use std::sync::Arc;

use maci_protocol::ids::PollRef;
use maci_store::{Events, NewEvent, StoreError};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use super::EventKind;
use crate::clock::Clock;
use crate::jobs::JobId;

/// Something that happened, before it has its place.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) kind: EventKind,
    pub(crate) poll: Option<PollRef>,
    pub(crate) job: Option<JobId>,
    pub(crate) body: Value,
}

enum Entry {
    Event(NewEvent),
    /// Answered when everything before it is written.
    Mark(oneshot::Sender<()>),
}

/// Takes events from any thread without waiting, and writes them down in the order they came. Clones are the same log.
#[derive(Debug, Clone)]
pub(crate) struct EventLog {
    pub(super) store: Events,
    clock: Arc<dyn Clock>,
    entries: mpsc::UnboundedSender<Entry>,
    /// The newest event's cursor.
    pub(super) written: watch::Receiver<i64>,
}

impl EventLog {
    /// Begins writing, where the log ends.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn start(store: Events, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (entries, queue) = mpsc::unbounded_channel();
        let (newest, written) = watch::channel(store.newest().await?);
        tokio::spawn(write(store.clone(), queue, newest));
        Ok(Self {
            store,
            clock,
            entries,
            written,
        })
    }

    /// Notes an event.
    pub(crate) fn note(&self, happened: Happened) {
        let event = NewEvent {
            at: self.clock.now(),
            poll: happened.poll,
            job: happened.job.map(|job| job.0),
            kind: happened.kind.name().to_owned(),
            body: happened.body,
        };
        if self.entries.send(Entry::Event(event)).is_err() {
            tracing::debug!(kind = %happened.kind, "an event came after the log was closed");
        }
    }

    /// Waits until everything noted before is written.
    pub(crate) async fn flush(&self) {
        let (mark, reached) = oneshot::channel();
        if self.entries.send(Entry::Mark(mark)).is_ok() {
            // a log that was closed has nothing left to write
            let _ = reached.await;
        }
    }
}

async fn write(store: Events, mut queue: mpsc::UnboundedReceiver<Entry>, newest: watch::Sender<i64>) {
    while let Some(entry) = queue.recv().await {
        match entry {
            Entry::Event(event) => match store.append(&event).await {
                Ok(cursor) => drop(newest.send(cursor)),
                Err(error) => tracing::error!(%error, kind = event.kind, "an event was not written down"),
            },
            Entry::Mark(mark) => drop(mark.send(())),
        }
    }
}
