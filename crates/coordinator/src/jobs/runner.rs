use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::{BoxFuture, FutureExt};
use maci_protocol::Remedy;
use maci_store::{BegunJob, Cancelled, JobRow, Jobs, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backoff::next_attempt;
use super::{JobFailure, JobId, JobKind, Told, Work};
use crate::actor::ActorName;
use crate::clock::Clock;
use crate::crash::crash_point;
use crate::events::{EventKind, EventLog, Happened};
use crate::finalise::FinaliseError;
use crate::senders::SendersError;
use crate::service::{JobHandle, ServiceError};

/// Jobs at work at the same time. Most of them wait: for a chain, or for their turn to prove.
const AT_ONCE: usize = 64;

/// How often the store is asked for due jobs even if nobody said so: other machines may share it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How often jobs of dead processes are looked for; also a process of this machine can die while others live.
const LOOK_FOR_ORPHANS: Duration = Duration::from_secs(30);

/// How often a job that somebody waits for is tried.
const ATTEMPTS_ASKED_FOR: u32 = 5;

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

/// What is kept of a failed attempt.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// In a row.
    failures: u32,
    failure: JobFailure,
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
        let mut looked = Instant::now();
        loop {
            if looked.elapsed() > LOOK_FOR_ORPHANS {
                looked = Instant::now();
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

    async fn run(&self, row: JobRow, performer: &dyn Perform) {
        let id = JobId(row.id);
        let told = Told::new(id, row.poll, self.events.clone());
        let stop = CancellationToken::new();
        let at_work = AtWork {
            told: told.clone(),
            stop: stop.clone(),
        };
        self.lock().insert(id, at_work);
        self.note(
            EventKind::JobStarted,
            &row,
            json!({ "kind": row.kind, "attempt": row.attempts }),
        );
        let attempt = AssertUnwindSafe(self.attempt(&row, told, performer)).catch_unwind();
        let outcome = tokio::select! {
            outcome = attempt => Some(outcome.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))),
            () = stop.cancelled() => None,
        };
        crash_point("job-attempted");
        match outcome {
            Some(Ok(result)) => self.done(&row, result).await,
            Some(Err(error)) => self.failed(&row, &error).await,
            // called off, which the store knows already, or left to the next process
            None => {
                let kept = row.error.clone().unwrap_or_default();
                self.settled("giving a job back", || self.jobs.retry_at(&row, &kept, row.not_before))
                    .await;
            }
        }
        self.lock().remove(&id);
        self.end();
    }

    async fn attempt(&self, row: &JobRow, told: Told, performer: &dyn Perform) -> Result<Value, ServiceError> {
        let what = || format!("the request of job {}", row.id);
        let work: Work = serde_json::from_value(row.request.clone()).map_err(ServiceError::damaged(what()))?;
        let id = JobId(row.id);
        performer.perform(work, Running { id, told }).await
    }

    async fn done(&self, row: &JobRow, result: Value) {
        let kept = self
            .settled("ending a job", || self.jobs.finish(row, &result, self.clock.now()))
            .await;
        crash_point("job-ended");
        if kept {
            // results can be large and are asked for by id
            self.note(EventKind::JobDone, row, json!({ "kind": row.kind }));
        }
    }

    async fn failed(&self, row: &JobRow, error: &ServiceError) {
        let before = row
            .error
            .clone()
            .and_then(|kept| serde_json::from_value::<Kept>(kept).ok());
        let kept = Kept {
            failures: before.map_or(0, |before| before.failures).saturating_add(1),
            failure: JobFailure::of(error),
        };
        let now = self.clock.now();
        let told = serde_json::to_value(&kept.failure).unwrap_or_default();
        let written = serde_json::to_value(&kept).unwrap_or_default();
        if is_worth_repeating(error) && kept.failures < self.most_attempts(row) {
            let next = next_attempt(JobId(row.id), kept.failures, now);
            tracing::warn!(job = %row.id, kind = row.kind, %error, failures = kept.failures, "trying again later");
            if self
                .settled("giving a job back", || self.jobs.retry_at(row, &written, next))
                .await
            {
                let body = json!({ "failure": told, "failures": kept.failures, "nextAttempt": next });
                self.note(EventKind::JobRetrying, row, body);
                self.due.notify_one();
            }
            return;
        }
        tracing::error!(job = %row.id, kind = row.kind, %error, "a job failed");
        if self
            .settled("ending a job", || self.jobs.fail(row, &written, now))
            .await
        {
            self.note(EventKind::JobFailed, row, told);
        }
    }

    /// Writes down what became of a claim, however often that takes; false if the claim no longer counts.
    async fn settled<'a, F>(&'a self, what: &str, write: impl Fn() -> F) -> bool
    where
        F: Future<Output = Result<bool, maci_store::StoreError>> + 'a,
    {
        let mut wait = Duration::from_millis(100);
        loop {
            match write().await {
                Ok(counts) => return counts,
                Err(error) => tracing::error!(%error, "{what} failed; trying again"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LOOK_AGAIN);
            if self.stopping.is_cancelled() {
                // the job is an orphan then, and the next process takes it up
                return false;
            }
        }
    }

    fn most_attempts(&self, row: &JobRow) -> u32 {
        match row.kind.parse::<JobKind>() {
            Ok(JobKind::Finalise) => self.attempts,
            Ok(JobKind::Merge | JobKind::Generate | JobKind::Submit | JobKind::DeployMaci | JobKind::DeployPoll)
            | Err(_) => self.attempts.min(ATTEMPTS_ASKED_FOR),
        }
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

/// Whether the same attempt may succeed later, with nobody doing anything. A poll that is still open is not worth trying
/// again: whoever asked too early is told so.
fn is_worth_repeating(error: &ServiceError) -> bool {
    let too_early = matches!(error, ServiceError::Finalise(FinaliseError::StillOpen { .. }));
    error.remedy() == Remedy::Retry && !too_early
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ServiceError {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let reason = text.or_else(|| panic.downcast_ref::<String>().cloned());
    ServiceError::Panicked {
        reason: reason.unwrap_or_else(|| "it said nothing".to_owned()),
    }
}

/// The last failure kept with a job.
pub(crate) fn failure_of(row: &JobRow) -> Option<JobFailure> {
    let kept: Kept = serde_json::from_value(row.error.clone()?).ok()?;
    Some(kept.failure)
}

fn unreadable(row: &JobRow) -> JobFailure {
    JobFailure::of(&ServiceError::Damaged {
        what: format!("the failure of job {}", row.id),
        reason: "it is no failure".to_owned(),
    })
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("at_work", &self.at_work())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

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
