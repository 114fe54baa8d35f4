//! One attempt at a job: done, and what became of it written down.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::FutureExt;
use maci_protocol::Remedy;
use maci_store::JobRow;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{AtWork, Inner, LOOK_AGAIN, Perform, Running};
use crate::crash::crash_point;
use crate::events::EventKind;
use crate::finalise::FinaliseError;
use crate::jobs::backoff::next_attempt;
use crate::jobs::{JobFailure, JobId, JobKind, Told, Work};
use crate::service::ServiceError;

/// How often a job that somebody waits for is tried.
const ATTEMPTS_ASKED_FOR: u32 = 5;

/// What is kept of a failed attempt.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// In a row.
    failures: u32,
    failure: JobFailure,
}

impl Inner {
    pub(super) async fn run(&self, row: JobRow, performer: &dyn Perform) {
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
            Ok(
                JobKind::Merge
                | JobKind::Generate
                | JobKind::Submit
                | JobKind::DeployMaci
                | JobKind::DeployPoll
                | JobKind::Apply,
            )
            | Err(_) => self.attempts.min(ATTEMPTS_ASKED_FOR),
        }
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

pub(super) fn unreadable(row: &JobRow) -> JobFailure {
    JobFailure::of(&ServiceError::Damaged {
        what: format!("the failure of job {}", row.id),
        reason: "it is no failure".to_owned(),
    })
}
