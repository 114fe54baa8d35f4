use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use maci_protocol::time::Timestamp;
use maci_store::{Page, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState, Schedules};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::Entry;
use super::step::Outcome;
use crate::crash::crash_point;
use crate::events::EventKind;
use crate::jobs::Runner;
use crate::perform::Means;
use crate::service::ServiceError;

/// How often the store is looked at even if nothing is due here: other machines may share it.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Entries taken at once.
const PAGE: u32 = 64;

/// Does what is due. Clones are the same engine.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(super) store: Schedules,
    pub(super) means: Arc<Means>,
    pub(super) runner: Runner,
    changed: Arc<Notify>,
    /// Entries that are being done here.
    at_work: Arc<Mutex<BTreeSet<Uuid>>>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Engine {
    /// Goes on with what a dead process was at, and does what is due from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn start(means: Arc<Means>, runner: Runner) -> Result<Self, ServiceError> {
        let engine = Self {
            store: means.parts.store.schedules(),
            means,
            runner,
            changed: Arc::default(),
            at_work: Arc::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let running = ScheduleFilter {
            state: Some(ScheduleState::Running),
            ..ScheduleFilter::default()
        };
        for row in engine.store.list(&running, Page::first(1_000)).await? {
            engine.begin(row);
        }
        let own = engine.clone();
        engine.tasks.spawn(async move { own.keep_time().await });
        Ok(engine)
    }

    /// Looks again: an entry was made or changed.
    pub(crate) fn look(&self) {
        self.changed.notify_one();
    }

    /// Does nothing further, and waits for what is being done to be left.
    pub(crate) async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.means.parts.clock.now()
    }

    async fn keep_time(&self) {
        loop {
            let next = self.do_what_is_due().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the schedule cannot be read; trying again");
                None
            });
            let clock = &self.means.parts.clock;
            let due = async {
                match next {
                    Some(moment) => clock.until(moment).await,
                    None => futures::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                () = self.changed.notified() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = self.stopping.cancelled() => return,
            }
        }
    }

    /// Begins everything that is due, and answers when something is due next.
    async fn do_what_is_due(&self) -> Result<Option<Timestamp>, ServiceError> {
        loop {
            let due = self.store.due(self.now(), PAGE).await?;
            if due.is_empty() {
                return Ok(self.store.next_due().await?);
            }
            for row in due {
                let change = ScheduleChange {
                    state: Some(ScheduleState::Running),
                    ..ScheduleChange::default()
                };
                if self
                    .store
                    .update(row.id, ScheduleState::Waiting, &change, self.now())
                    .await?
                {
                    crash_point("schedule-taken");
                    self.note(&row, ScheduleState::Running, None);
                    self.begin(row);
                }
            }
        }
    }

    fn begin(&self, row: ScheduleRow) {
        if !self.lock().insert(row.id) {
            return;
        }
        let engine = self.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = engine.run(&row) => {}
                // it stays running in the store; the next process goes on with it
                () = engine.stopping.cancelled() => {}
            }
            engine.lock().remove(&row.id);
            engine.look();
        });
    }

    /// Does an entry and writes down what came of it.
    async fn run(&self, row: &ScheduleRow) {
        let outcome = match Entry::read(row) {
            Ok(entry) => self.attempt(row, entry).await,
            Err(error) => Err(error),
        };
        let settings = &self.means.parts.rounds;
        let outcome = match outcome {
            Err(ServiceError::Draining) => return,
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                tracing::warn!(schedule = %row.id, kind = row.kind, %error, "an entry of the schedule was not done");
                Outcome::of_failure(&error, settings.try_again_after)
            }
        };
        let mut change = ScheduleChange::default();
        match outcome {
            Ok(Outcome::Done(poll)) => {
                change.state = Some(ScheduleState::Done);
                change.poll = poll;
            }
            Ok(Outcome::NotYet(wait, why)) => {
                change.state = Some(ScheduleState::Waiting);
                change.runs_at = Some(self.now().after(wait));
                change.last_error = Some(why);
            }
            Ok(Outcome::Missed(why)) => {
                change.state = Some(ScheduleState::Missed);
                change.last_error = Some(why);
            }
            Err(why) => {
                change.state = Some(ScheduleState::Failed);
                change.last_error = Some(why);
            }
        }
        crash_point("schedule-attempted");
        let state = change.state.unwrap_or(ScheduleState::Running);
        // called off meanwhile: then that stands
        match self
            .store
            .update(row.id, ScheduleState::Running, &change, self.now())
            .await
        {
            Ok(true) => self.note(row, state, change.last_error),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(schedule = %row.id, %error, "the schedule was not updated; a restart repeats it")
            }
        }
    }

    pub(crate) fn note(&self, row: &ScheduleRow, state: ScheduleState, reason: Option<String>) {
        let body = json!({ "schedule": row.id, "kind": row.kind, "state": state.word(), "reason": reason });
        self.means.note(EventKind::ScheduleChanged, row.poll, body);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<Uuid>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("at_work", &self.lock().len())
            .finish_non_exhaustive()
    }
}
