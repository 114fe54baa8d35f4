use std::time::Duration;

use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::time::Timestamp;
use maci_store::{JobFilter, Page, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState};
use serde_json::Value;
use uuid::Uuid;

use super::engine::Engine;
use super::{Entry, RoundDocument, RoundStep};
use crate::deploy::PollConfig;
use crate::finalise::Stage;
use crate::jobs::{JobId, JobKind, Work};
use crate::senders::SenderChoice;
use crate::service::ServiceError;

/// How often a step looks whether what it waits for has come.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// What came of trying to do an entry.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is done, and this poll came of it or was meant.
    Done(Option<PollRef>),
    /// It makes no sense any more.
    Missed(String),
    /// Not yet: look again after a while.
    NotYet(Duration, String),
}

impl Engine {
    /// Does what an entry asks for, or finds out why not.
    pub(super) async fn attempt(&self, row: &ScheduleRow, entry: Entry) -> Result<Outcome, ServiceError> {
        match entry {
            Entry::Finalise { poll, sender } => self.finalise(row, poll, sender).await,
            Entry::DeployPoll {
                chain,
                config,
                key,
                sender,
                ..
            } => self.deploy(row, chain, *config, key, (sender, false)).await,
            Entry::Round {
                round,
                step,
                chain,
                timeline,
            } => self.round(row, (round, step), chain, &timeline).await,
        }
    }

    async fn finalise(&self, row: &ScheduleRow, poll: PollRef, sender: SenderChoice) -> Result<Outcome, ServiceError> {
        if let Some(not_yet) = self.still_open(poll).await? {
            return Ok(not_yet);
        }
        let work = Work::Finalise {
            poll,
            start_block: None,
            sender,
        };
        self.done_by(row, &work).await?;
        Ok(Outcome::Done(Some(poll)))
    }

    async fn deploy(
        &self,
        row: &ScheduleRow,
        chain: ChainId,
        config: PollConfig,
        key: Option<String>,
        (sender, paused): (SenderChoice, bool),
    ) -> Result<Outcome, ServiceError> {
        let ends = Timestamp::from_unix_seconds(config.end_date.0);
        let work = Work::DeployPoll {
            chain,
            paused,
            key,
            schedule: Some(row.id),
            config,
            sender,
        };
        let begun = self.begun_for(row.id).await?;
        if begun.is_none() && ends <= self.now() {
            return Ok(Outcome::Missed(
                "voting would have ended before the poll was deployed".to_owned(),
            ));
        }
        let result = match begun {
            Some(job) => self.outcome_of(row, job).await?,
            None => self.done_by(row, &work).await?,
        };
        Ok(Outcome::Done(deployed_poll(chain, &result)))
    }

    async fn round(
        &self,
        row: &ScheduleRow,
        (round, step): (Uuid, RoundStep),
        chain: ChainId,
        timeline: &RoundDocument,
    ) -> Result<Outcome, ServiceError> {
        if step == RoundStep::Deploy {
            let (config, key) = (timeline.poll_config(), timeline.key.clone());
            let outcome = self
                .deploy(row, chain, config, key, (timeline.sender.clone(), true))
                .await?;
            if let Outcome::Done(Some(poll)) = outcome {
                self.name_poll(round, poll).await?;
            }
            return Ok(outcome);
        }
        let before = match step {
            RoundStep::Publish => RoundStep::Finalise,
            RoundStep::Deploy | RoundStep::Open | RoundStep::Close | RoundStep::Finalise => RoundStep::Deploy,
        };
        let poll = match self.after(round, before).await? {
            Ok(poll) => poll,
            Err(outcome) => return Ok(outcome),
        };
        match step {
            RoundStep::Deploy => {}
            RoundStep::Open => {
                let look = self.means.looks.now(poll).await?;
                let (start, now) = (look.reader.period().start, look.standing.at.timestamp);
                if now < start {
                    return Ok(later(start, now, "the chain's clock has not reached the opening"));
                }
            }
            RoundStep::Close => {
                if let Some(not_yet) = self.still_open(poll).await? {
                    return Ok(not_yet);
                }
            }
            RoundStep::Finalise => {
                if let Some(not_yet) = self.still_open(poll).await? {
                    return Ok(not_yet);
                }
                let sender = timeline.sender.clone();
                self.done_by(row, &Work::Merge { poll, sender }).await?;
                let generate = Work::Generate {
                    poll,
                    start_block: None,
                    key_given: false,
                };
                self.done_by(row, &generate).await?;
            }
            RoundStep::Publish => {
                let work = Work::Finalise {
                    poll,
                    start_block: None,
                    sender: timeline.sender.clone(),
                };
                self.done_by(row, &work).await?;
            }
        }
        Ok(Outcome::Done(Some(poll)))
    }

    /// The poll of a round whose step `before` is done, or what that means for the steps after it.
    async fn after(&self, round: Uuid, before: RoundStep) -> Result<Result<PollRef, Outcome>, ServiceError> {
        let filter = ScheduleFilter {
            name: Some(round.to_string()),
            ..ScheduleFilter::default()
        };
        let rows = self.store.list(&filter, Page::first(16)).await?;
        let found = rows
            .into_iter()
            .find(|row| matches!(Entry::read(row), Ok(Entry::Round { step, .. }) if step == before));
        let Some(row) = found else {
            return Ok(Err(Outcome::Missed("the step before it is gone".to_owned())));
        };
        Ok(match (row.state, row.poll) {
            (ScheduleState::Done, Some(poll)) => Ok(poll),
            (ScheduleState::Waiting | ScheduleState::Running, _) => {
                Err(Outcome::NotYet(LOOK_AGAIN, format!("{} is not done yet", row.kind)))
            }
            (ScheduleState::Done | ScheduleState::Missed | ScheduleState::Failed | ScheduleState::Cancelled, _) => {
                let why = row.last_error.unwrap_or_else(|| row.state.word().to_owned());
                Err(Outcome::Missed(format!("{} was not done: {why}", row.kind)))
            }
        })
    }

    /// Tells every step of a round which poll it is about.
    async fn name_poll(&self, round: Uuid, poll: PollRef) -> Result<(), ServiceError> {
        let filter = ScheduleFilter {
            name: Some(round.to_string()),
            ..ScheduleFilter::default()
        };
        for row in self.store.list(&filter, Page::first(16)).await? {
            let change = ScheduleChange {
                poll: Some(poll),
                ..ScheduleChange::default()
            };
            self.store.update(row.id, row.state, &change, self.now()).await?;
        }
        Ok(())
    }

    /// Set while a poll takes votes by its chain's clock, which may be behind ours.
    async fn still_open(&self, poll: PollRef) -> Result<Option<Outcome>, ServiceError> {
        let look = self.means.looks.now(poll).await?;
        Ok(match look.stage {
            Stage::Voting { until } => Some(later(
                until,
                look.standing.at.timestamp,
                "the chain's clock has not reached the end of voting",
            )),
            Stage::Merging | Stage::Processing(_) | Stage::Tallying(_) | Stage::Publishing { .. } | Stage::Final => {
                None
            }
        })
    }

    /// Has a job do it, and waits for its end.
    async fn done_by(&self, row: &ScheduleRow, work: &Work) -> Result<Value, ServiceError> {
        let by = row.created_by.parse().map_err(ServiceError::invalid)?;
        let handle = self.runner.begin(work, &by).await?;
        self.outcome_of(row, handle.id).await
    }

    async fn outcome_of(&self, row: &ScheduleRow, job: JobId) -> Result<Value, ServiceError> {
        let change = ScheduleChange {
            job: Some(job.0),
            ..ScheduleChange::default()
        };
        self.store
            .update(row.id, ScheduleState::Running, &change, self.now())
            .await?;
        self.runner.outcome(job).await
    }

    /// The deployment an earlier process began for an entry, unless it failed: a poll must not be deployed twice.
    async fn begun_for(&self, schedule: Uuid) -> Result<Option<JobId>, ServiceError> {
        let filter = JobFilter {
            kind: Some(JobKind::DeployPoll.name().to_owned()),
            ..JobFilter::default()
        };
        let jobs = self.means.parts.store.jobs().list(&filter, Page::first(1_000)).await?;
        let own = jobs.into_iter().find(|job| {
            let asked = serde_json::from_value::<Work>(job.request.clone());
            let ours = matches!(asked, Ok(Work::DeployPoll { schedule: Some(id), .. }) if id == schedule);
            ours && !matches!(
                job.state,
                maci_store::JobState::Failed | maci_store::JobState::Cancelled
            )
        });
        Ok(own.map(|job| JobId(job.id)))
    }
}

impl Outcome {
    /// What a failure means: tried again by itself, or not.
    pub(super) fn of_failure(error: &ServiceError, try_again_after: Duration) -> Result<Self, String> {
        match error.remedy() {
            Remedy::Retry | Remedy::AskOperator => Ok(Self::NotYet(try_again_after, error.to_string())),
            Remedy::Abandon => Err(error.to_string()),
        }
    }
}

fn later(until: u64, now: u64, why: &str) -> Outcome {
    let rest = Duration::from_secs(until.saturating_sub(now).max(1));
    Outcome::NotYet(rest, format!("{why}; {} seconds are left", rest.as_secs()))
}

fn deployed_poll(chain: ChainId, result: &Value) -> Option<PollRef> {
    Some(PollRef {
        chain,
        maci: result.get("maci")?.as_str()?.parse().ok()?,
        poll: result.get("pollId")?.as_str()?.parse().ok()?,
    })
}
