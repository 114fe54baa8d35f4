use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::poll::Mode;
use maci_store::{JobFilter, JobRow, Page};
use serde_json::Value;

use super::{GenerateRequest, JobHandle, JobQuery, JobView, MergeRequest, Service, ServiceError, SubmitRequest};
use crate::actor::{Actor, Role};
use crate::finalise::{FinaliseError, Stage};
use crate::jobs::{JobId, JobState, Work, failure_of};
use crate::rounds::Look;
use crate::senders::SenderChoice;

/// Jobs told at once, if nobody says how many.
const PAGE: u32 = 100;

impl Service {
    /// Merges a closed poll's state. The result is `true`.
    ///
    /// # Errors
    /// When voting is not over, the state was merged already, or the actor is no operator.
    pub async fn merge(&self, actor: &Actor, request: MergeRequest) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let poll = request.poll;
        let look = self.means.looks.now(poll).await?;
        match look.stage {
            Stage::Voting { until } => Err(still_open(&look, until)),
            Stage::Merging => {
                let sender = self.known_sender(poll.chain, request.sender).await?;
                self.begin(actor, &Work::Merge { poll, sender }).await
            }
            Stage::Processing(_) | Stage::Tallying(_) | Stage::Publishing { .. } | Stage::Final => {
                Err(ServiceError::AlreadyMerged { poll })
            }
        }
    }

    /// Proves all batches of a merged poll and writes the files. The result is
    /// `{ processProofs, tallyProofs, tallyData }`, each proof `{ proof, publicInputs }`.
    ///
    /// # Errors
    /// Code 0 when the state is not merged, 1 for another coordinator key, 2 without such a poll, 3 for a key that is not
    /// encrypted to this service, 5 without proving keys.
    pub async fn generate(&self, actor: &Actor, request: GenerateRequest) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let poll = request.poll;
        let look = self.expect_merged(poll).await?;
        expect_mode(&look, request.mode)?;
        let key_given = request.encrypted_key.is_some();
        match request.encrypted_key {
            Some(encrypted) => {
                let key = self.key_of_client(encrypted).await?;
                self.means.expect_key(&look.reader, &key).await?;
                self.means.keep_given(poll, key);
            }
            None => self.expect_own_key(&look)?,
        }
        let work = Work::Generate {
            poll,
            start_block: request.start_block,
            key_given,
        };
        self.begin(actor, &work).await
    }

    /// Puts the proofs that were made, and the results, on chain. The result is the tally.
    ///
    /// # Errors
    /// Code 0 when the state is not merged, 2 without such a poll, 5 without proofs.
    pub async fn submit(&self, actor: &Actor, request: SubmitRequest) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let poll = request.poll;
        let look = self.expect_merged(poll).await?;
        let folder = self.means.parts.store.poll_folder(&poll)?;
        let made = folder.list()?.iter().any(|name| name.starts_with("process_"));
        if look.stage != Stage::Final && !made {
            return Err(ServiceError::NoProofs { poll });
        }
        let sender = self.known_sender(poll.chain, request.sender).await?;
        self.begin(actor, &Work::Submit { poll, sender }).await
    }

    /// Brings a closed poll to its result from wherever it stands. The result is the tally.
    ///
    /// # Errors
    /// When voting is not over, or as [`Self::generate`].
    pub async fn finalise(
        &self,
        actor: &Actor,
        poll: PollRef,
        sender: SenderChoice,
    ) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let look = self.means.looks.now(poll).await?;
        if let Stage::Voting { until } = look.stage {
            return Err(still_open(&look, until));
        }
        self.expect_own_key(&look)?;
        let work = Work::Finalise {
            poll,
            start_block: None,
            sender: self.known_sender(poll.chain, sender).await?,
        };
        self.begin(actor, &work).await
    }

    /// Waits for a job to end, and gives what came of it.
    ///
    /// # Errors
    /// [`ServiceError::JobFailed`], [`ServiceError::Cancelled`], or that there is no such job.
    pub async fn job_outcome(&self, job: JobId) -> Result<Value, ServiceError> {
        self.runner.outcome(job).await
    }

    /// A job.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchJob`].
    pub async fn job(&self, job: JobId) -> Result<JobView, ServiceError> {
        let row = self.runner.row(job).await?;
        self.job_view(row)
    }

    /// Jobs, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn jobs(&self, query: JobQuery) -> Result<Vec<JobView>, ServiceError> {
        let filter = JobFilter {
            state: query.state.map(stored_state),
            kind: query.kind,
            poll: query.poll,
            ..JobFilter::default()
        };
        let page = Page {
            after: query.before.map(|job| job.0),
            limit: query.limit.unwrap_or(PAGE),
        };
        let rows = self.means.parts.store.jobs().list(&filter, page).await?;
        rows.into_iter().map(|row| self.job_view(row)).collect()
    }

    /// Stops a job. What it did stays done; transactions that were sent stay sent.
    ///
    /// # Errors
    /// [`ServiceError::JobOver`], [`ServiceError::NoSuchJob`], or the actor is no operator.
    pub async fn cancel_job(&self, actor: &Actor, job: JobId) -> Result<JobView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let row = self.runner.cancel(job, &actor.name).await?;
        self.job_view(row)
    }

    pub(super) async fn begin(&self, actor: &Actor, work: &Work) -> Result<JobHandle, ServiceError> {
        self.runner.begin(work, &actor.name).await
    }

    /// A choice that names somebody who may send on the chain.
    pub(super) async fn known_sender(
        &self,
        chain: ChainId,
        choice: SenderChoice,
    ) -> Result<SenderChoice, ServiceError> {
        self.means.senders.expect(chain, &choice).await?;
        Ok(choice)
    }

    /// The poll, which has to be merged.
    async fn expect_merged(&self, poll: PollRef) -> Result<std::sync::Arc<Look>, ServiceError> {
        let look = self.means.looks.now(poll).await?;
        if look.standing.merged.is_none() {
            return Err(ServiceError::NotMerged { poll });
        }
        Ok(look)
    }

    /// Refuses polls whose key this service has not.
    fn expect_own_key(&self, look: &Look) -> Result<(), ServiceError> {
        if self.means.has_key(&look.reader)? {
            return Ok(());
        }
        let config = look.reader.config();
        Err(ServiceError::NoKey {
            poll: config.poll(),
            public_key: config.coordinator_public_key().serialize(),
        })
    }

    fn job_view(&self, row: JobRow) -> Result<JobView, ServiceError> {
        let damaged = |error: crate::jobs::UnknownWord| ServiceError::Damaged {
            what: format!("job {}", row.id),
            reason: error.to_string(),
        };
        let kind = row.kind.parse().map_err(damaged)?;
        let (id, state) = (JobId(row.id), told_state(row.state));
        Ok(JobView {
            id,
            kind,
            poll: row.poll,
            state,
            attempts: row.attempts,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            next_attempt: (state == JobState::Pending).then_some(row.not_before),
            progress: self.runner.progress(id),
            failure: if state == JobState::Done {
                None
            } else {
                failure_of(&row)
            },
            result: row.result,
            by: row.by,
        })
    }
}

/// Refuses clients who believe something else about a poll.
pub(super) fn expect_mode(look: &Look, given: Option<Mode>) -> Result<(), ServiceError> {
    let config = look.reader.config();
    match given {
        Some(given) if given != config.mode() => Err(ServiceError::OtherMode {
            poll: config.poll(),
            found: config.mode(),
            given,
        }),
        Some(_) | None => Ok(()),
    }
}

fn still_open(look: &Look, until: u64) -> ServiceError {
    ServiceError::Finalise(FinaliseError::StillOpen {
        poll: look.reader.config().poll(),
        ends_at: look.reader.period().end,
        until,
        now: look.standing.at.timestamp,
    })
}

fn told_state(state: maci_store::JobState) -> JobState {
    match state {
        maci_store::JobState::Pending => JobState::Pending,
        maci_store::JobState::Running => JobState::Running,
        maci_store::JobState::Done => JobState::Done,
        maci_store::JobState::Failed => JobState::Failed,
        maci_store::JobState::Cancelled => JobState::Cancelled,
    }
}

fn stored_state(state: JobState) -> maci_store::JobState {
    match state {
        JobState::Pending => maci_store::JobState::Pending,
        JobState::Running => maci_store::JobState::Running,
        JobState::Done => maci_store::JobState::Done,
        JobState::Failed => maci_store::JobState::Failed,
        JobState::Cancelled => maci_store::JobState::Cancelled,
    }
}
