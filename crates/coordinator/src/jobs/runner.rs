//! Claims due jobs and lets them be done, side by side.
//!
//! - `attempt`   one attempt, and what became of it
mod attempt;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use maci_store::{BegunJob, Cancelled, JobRow, Jobs, NewJob};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{JobId, Told, Work};
use crate::actor::ActorName;
use crate::clock::Clock;
use crate::crash::crash_point;
use crate::events::{EventKind, EventLog, Happened};
use crate::senders::SendersError;
use crate::service::{JobHandle, ServiceError};
use attempt::unreadable;

pub(crate) use attempt::failure_of;

/// Jobs at work at the same time. Most of them wait: for a chain, or for their turn to prove.
const AT_ONCE: usize = 64;

/// How often the store is asked for due jobs even if nobody said so: other machines may share it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How often jobs of dead processes are looked for; also a process of this machine can die while others live.
const LOOK_FOR_ORPHANS: Duration = Duration::from_secs(30);

/// Does what a job asks for.
pub(crate) trait Perform: Send + Sync {
    /// Runs to the end. May be dropped at any await and begun again.
    fn perform(&self, work: Work, job: Running) -> BoxFuture<'_, Result<Value, ServiceError>>;
}

/// A job at work.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    pub(crate) id: JobId,
    pub(crate) told: Told,
}

/// Claims due jobs and runs them. Clones are the same runner.
#[derive(Clone)]
pub(crate) struct Runner(Arc<Inner>);

struct Inner {
    jobs: Jobs,
    events: EventLog,
    clock: Arc<dyn Clock>,
    /// Failures in a row before a job of ours needs an operator.
    attempts: u32,
    /// Somebody made a job due.
    due: Notify,
    /// Changes whenever a job ends.
    ended: watch::Sender<u64>,
    at_work: Mutex<BTreeMap<JobId, AtWork>>,
    room: Arc<Semaphore>,
    /// Nothing further is claimed.
    stopping: CancellationToken,
    tasks: TaskTracker,
}

struct AtWork {
    told: Told,
    stop: CancellationToken,
}

impl Runner {
    pub(crate) fn new(jobs: Jobs, events: EventLog, clock: Arc<dyn Clock>, attempts: u32) -> Self {
        Self(Arc::new(Inner {
            jobs,
            events,
            clock,
            attempts,
            due: Notify::new(),
            ended: watch::Sender::new(0),
            at_work: Mutex::default(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }))
    }

    /// Takes up what a dead process left, and claims what is due from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn start(&self, performer: Arc<dyn Perform>) -> Result<(), ServiceError> {
        self.0.take_up_orphans().await?;
        let inner = self.0.clone();
        self.0.tasks.spawn(async move { inner.claim(performer).await });
        Ok(())
    }

    /// Begins a job, or joins the one that is at the same thing. `ready` is called with its id before it can be claimed
    /// by this process.
    ///
    /// # Errors
    /// When the service is stopping or the store fails.
    pub(crate) async fn begin(&self, work: &Work, by: &ActorName) -> Result<JobHandle, ServiceError> {
        if self.0.stopping.is_cancelled() {
            return Err(ServiceError::Draining);
        }
        let now = self.0.clock.now();
        let new = NewJob {
            kind: work.kind().name().to_owned(),
            key: work.key(),
            poll: work.poll(),
            request: serde_json::to_value(work).map_err(ServiceError::damaged("a job's request"))?,
            not_before: now,
            by: by.as_str().to_owned(),
        };
        let begun = self.0.jobs.begin(&new, now).await?;
        crash_point("job-begun");
        let (row, joined) = match begun {
            BegunJob::New(row) => (row, false),
            BegunJob::Joined(row) => (expect_sender(work, row)?, true),
        };
        if !joined {
            let body = json!({ "kind": row.kind, "by": row.by });
            self.0.note(EventKind::JobCreated, &row, body);
            self.0.due.notify_one();
        }
        Ok(JobHandle {
            id: JobId(row.id),
            joined,
        })
    }

    /// Waits for a job's end and gives what came of it.
    ///
    /// # Errors
    /// [`ServiceError::JobFailed`], [`ServiceError::Cancelled`], [`ServiceError::NoSuchJob`].
    pub(crate) async fn outcome(&self, job: JobId) -> Result<Value, ServiceError> {
        let mut ended = self.0.ended.subscribe();
        loop {
            ended.mark_unchanged();
            let row = self.row(job).await?;
            match row.state {
                maci_store::JobState::Done => return Ok(row.result.unwrap_or_default()),
                maci_store::JobState::Failed => {
                    let failure = Box::new(failure_of(&row).unwrap_or_else(|| unreadable(&row)));
                    return Err(ServiceError::JobFailed { job, failure });
                }
                maci_store::JobState::Cancelled => return Err(ServiceError::Cancelled { job }),
                maci_store::JobState::Pending | maci_store::JobState::Running => {}
            }
            tokio::select! {
                _ = ended.changed() => {}
                // another machine may be at it
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = self.0.stopping.cancelled() => return Err(ServiceError::Draining),
            }
        }
    }

    /// Stops a job.
    ///
    /// # Errors
    /// [`ServiceError::JobOver`], [`ServiceError::NoSuchJob`].
    pub(crate) async fn cancel(&self, job: JobId, by: &ActorName) -> Result<JobRow, ServiceError> {
        match self.0.jobs.cancel(job.0, self.0.clock.now()).await? {
            Cancelled::Unknown => Err(ServiceError::NoSuchJob { job }),
            Cancelled::TooLate(_) => Err(ServiceError::JobOver { job }),
            Cancelled::Now(row) => {
                if let Some(at_work) = self.0.lock().get(&job) {
                    at_work.stop.cancel();
                }
                self.0.note(EventKind::JobCancelled, &row, json!({ "by": by.as_str() }));
                self.0.end();
                Ok(row)
            }
        }
    }

    /// A job's row.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchJob`].
    pub(crate) async fn row(&self, job: JobId) -> Result<JobRow, ServiceError> {
        self.0.jobs.get(job.0).await?.ok_or(ServiceError::NoSuchJob { job })
    }

    /// The last thing a job told, if it is at work here.
    pub(crate) fn progress(&self, job: JobId) -> Option<Value> {
        self.0.lock().get(&job)?.told.last()
    }

    /// Jobs at work here.
    pub(crate) fn at_work(&self) -> usize {
        self.0.lock().len()
    }

    /// Claims nothing further.
    pub(crate) fn stop_claiming(&self) {
        self.0.stopping.cancel();
    }

    /// Lets go of every job at work, so that the next process takes it up, and waits until all are let go.
    pub(crate) async fn let_go(&self) {
        for at_work in self.0.lock().values() {
            at_work.stop.cancel();
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl Inner {
    async fn take_up_orphans(&self) -> Result<(), maci_store::StoreError> {
        let orphans = self.jobs.orphans().await?;
        if !orphans.is_empty() {
            tracing::info!(jobs = orphans.len(), "taking up jobs of a process that died");
        }
        Ok(())
    }

    /// The claiming task's life.
    async fn claim(self: Arc<Self>, performer: Arc<dyn Perform>) {
        let mut looked = self.clock.now();
        loop {
            if self.clock.now() > looked.after(LOOK_FOR_ORPHANS) {
                looked = self.clock.now();
                if let Err(error) = self.take_up_orphans().await {
                    tracing::warn!(%error, "orphaned jobs cannot be looked for");
                }
            }
            let Ok(room) = self.room.clone().acquire_owned().await else {
                return;
            };
            let claimed = tokio::select! {
                claimed = self.next() => claimed,
                () = self.stopping.cancelled() => return,
            };
            let Some(row) = claimed else { continue };
            crash_point("job-claimed");
            let (inner, performer) = (self.clone(), performer.clone());
            self.tasks.spawn(async move {
                inner.run(row, performer.as_ref()).await;
                drop(room);
            });
        }
    }

    /// The next due job; none when it is time to look again.
    async fn next(&self) -> Option<JobRow> {
        let notified = self.due.notified();
        let wait = match self.jobs.claim_due(self.clock.now()).await {
            Ok(Some(row)) => return Some(row),
            Ok(None) => self.jobs.next_due().await,
            Err(error) => Err(error),
        };
        let next_due = wait.unwrap_or_else(|error| {
            tracing::warn!(%error, "due jobs cannot be claimed; trying again");
            None
        });
        let due = async {
            match next_due {
                Some(moment) => self.clock.until(moment).await,
                None => futures::future::pending().await,
            }
        };
        tokio::select! {
            () = notified => {}
            () = due => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        None
    }

    fn note(&self, kind: EventKind, row: &JobRow, body: Value) {
        self.events.note(Happened {
            kind,
            poll: row.poll,
            job: Some(JobId(row.id)),
            body,
        });
    }

    fn end(&self) {
        self.ended.send_modify(|ended| *ended = ended.wrapping_add(1));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<JobId, AtWork>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("at_work", &self.at_work())
            .finish_non_exhaustive()
    }
}

/// Joins no job that sends with another sender than the one asked for.
fn expect_sender(work: &Work, row: JobRow) -> Result<JobRow, ServiceError> {
    let asked = work.sender();
    match serde_json::from_value::<Work>(row.request.clone()) {
        Ok(found) if !asked.is_default() && found.sender() != asked => Err(SendersError::OtherSender {
            other: found.sender().to_string(),
        }
        .into()),
        Ok(_) | Err(_) => Ok(row),
    }
}
