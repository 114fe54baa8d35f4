use std::collections::VecDeque;
use std::time::Duration;

use futures::{Stream, stream};
use maci_store::{EventFilter as StoredFilter, EventRow};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Cursor, Event, EventFilter, EventKind, EventLog};
use crate::jobs::JobId;

/// How many events are read at once.
const PAGE: u32 = 256;

/// How often the log is looked at even if this process wrote nothing: other machines may share it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Where a listener is.
struct Listener {
    log: EventLog,
    written: watch::Receiver<i64>,
    cursor: i64,
    filter: EventFilter,
    read: VecDeque<Event>,
    closed: CancellationToken,
}

impl EventLog {
    /// Events after a cursor, then new ones as they are written, until `closed`. Without a cursor only new ones.
    ///
    /// The store is what is read, so nobody is too slow to get every event, and none comes twice.
    pub(crate) fn follow(
        &self,
        after: Option<Cursor>,
        filter: EventFilter,
        closed: CancellationToken,
    ) -> impl Stream<Item = Event> + Send + 'static + use<> {
        let listener = Listener {
            cursor: after.map_or(*self.written.borrow(), |cursor| cursor.0),
            written: self.written.clone(),
            log: self.clone(),
            filter,
            read: VecDeque::new(),
            closed,
        };
        stream::unfold(listener, |mut listener| async move {
            let event = listener.next().await?;
            Some((event, listener))
        })
    }
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(event);
            }
            self.written.mark_unchanged();
            if self.read_on().await {
                continue;
            }
            tokio::select! {
                () = self.closed.cancelled() => return None,
                changed = self.written.changed() => changed.ok()?,
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Reads the next page; false if there was nothing further.
    async fn read_on(&mut self) -> bool {
        let filter = StoredFilter {
            poll: self.filter.poll,
            job: self.filter.job.map(|job| job.0),
            kind: match self.filter.kinds.as_slice() {
                [one] => Some(one.name().to_owned()),
                _ => None,
            },
        };
        let rows = match self.log.store.after(self.cursor, PAGE, &filter).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "events cannot be read");
                return false;
            }
        };
        if let Some(last) = rows.last() {
            self.cursor = last.cursor;
        }
        let any = !rows.is_empty();
        let events = rows.into_iter().filter_map(told);
        self.read.extend(events.filter(|event| self.filter.takes(event)));
        any
    }
}

/// The event of a row; none if a newer version wrote a kind this one does not know.
fn told(row: EventRow) -> Option<Event> {
    Some(Event {
        cursor: Cursor(row.cursor),
        kind: EventKind::named(&row.event.kind)?,
        at: row.event.at,
        poll: row.event.poll,
        job: row.event.job.map(JobId),
        body: row.event.body,
    })
}
