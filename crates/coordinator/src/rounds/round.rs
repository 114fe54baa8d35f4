use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use maci_protocol::Remedy;
use maci_protocol::files::TallyFile;
use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde_json::json;
use tokio::sync::Notify;

use super::{Look, Shown, check};
use crate::actor::Actor;
use crate::events::EventKind;
use crate::finalise::Stage;
use crate::jobs::{JobFailure, Runner, Work};
use crate::perform::Means;
use crate::publication::PublicationError;
use crate::senders::SenderChoice;
use crate::service::ServiceError;
use crate::verify::verify;

/// Waits that an operator cannot shorten by mending anything are this much longer.
const HOPELESS: u32 = 24;

/// The longest wait after a chain or the store has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// After a check its own time is rested so many times over: a large poll must not be replayed all the time.
const REST: u64 = 20;

/// One watched poll.
pub(super) struct Round {
    pub(super) poll: PollRef,
    pub(super) means: Arc<Means>,
    pub(super) runner: Runner,
    /// Somebody wants it looked at now.
    pub(super) nudge: Arc<Notify>,
    pub(super) shown: Arc<Mutex<Shown>>,
}

/// What is remembered between two looks.
#[derive(Default)]
struct Memory {
    stage: Option<String>,
    /// Messages and leaves at the last check.
    checked: Option<(u64, u64)>,
    /// When the next check may be made.
    rested: Option<Timestamp>,
    failures: u32,
}

/// When to look again.
enum Next {
    Now,
    After(Duration),
    /// There is nothing more to do, until somebody asks.
    WhenAsked,
}

impl Round {
    /// Looks, acts, waits, looks again, until the poll is no longer watched.
    pub(super) async fn follow(&self) {
        let mut memory = Memory::default();
        loop {
            let next = match self.step(&mut memory).await {
                Ok(Some(next)) => {
                    memory.failures = 0;
                    next
                }
                // no longer watched
                Ok(None) | Err(ServiceError::Draining) => return,
                Err(error) => {
                    tracing::warn!(poll = %self.poll, %error, "a watched poll could not be looked after");
                    self.show(|shown| shown.trouble = Some(JobFailure::of(&error)));
                    memory.failures = memory.failures.saturating_add(1);
                    let doubled = 1u32.checked_shl(memory.failures).unwrap_or(u32::MAX);
                    Next::After(Duration::from_secs(doubled.into()).min(LONGEST))
                }
            };
            let clock = &self.means.parts.clock;
            match next {
                Next::Now => {}
                Next::WhenAsked => self.nudge.notified().await,
                Next::After(wait) => tokio::select! {
                    () = clock.until(clock.now().after(wait)) => {}
                    () = self.nudge.notified() => {}
                },
            }
        }
    }

    /// One look and what follows from it; none when the poll is no longer watched.
    async fn step(&self, memory: &mut Memory) -> Result<Option<Next>, ServiceError> {
        let Some(watched) = self.means.parts.store.polls().get(&self.poll).await? else {
            return Ok(None);
        };
        let look = self.means.looks.now(self.poll).await?;
        let stage = look.stage.to_string();
        if memory.stage.as_ref() != Some(&stage) {
            let body = json!({ "stage": stage, "block": look.standing.at.number });
            self.means.note(EventKind::PollStage, Some(self.poll), body);
            memory.stage = Some(stage);
        }
        let settings = &self.means.parts.rounds;
        let next = match look.stage {
            Stage::Voting { until } => {
                if settings.check_open_polls {
                    self.check(memory, &look).await?;
                } else {
                    self.show(|shown| shown.trouble = None);
                }
                // the chain's clock counts; ours says only when to look
                let rest = Duration::from_secs(until.saturating_sub(look.standing.at.timestamp));
                Next::After(rest.clamp(Duration::from_secs(1), settings.look_every))
            }
            Stage::Final if self.is_written()? => {
                self.verify(&look).await?;
                self.publish().await?
            }
            Stage::Merging | Stage::Processing(_) | Stage::Tallying(_) | Stage::Publishing { .. } | Stage::Final => {
                if watched.paused {
                    Next::After(settings.look_every)
                } else {
                    self.finalise().await?
                }
            }
        };
        Ok(Some(next))
    }

    /// Checks the poll if anything was published since the last check.
    async fn check(&self, memory: &mut Memory, look: &Look) -> Result<(), ServiceError> {
        let seen = (look.standing.messages, look.standing.leaves);
        let now = self.means.parts.clock.now();
        if memory.checked == Some(seen) || memory.rested.is_some_and(|rested| now < rested) {
            return Ok(());
        }
        let run = check(&self.means, self.poll).await?;
        memory.rested = Some(now.after(Duration::from_millis(run.millis.saturating_mul(REST))));
        memory.checked = Some(seen);
        let changed = self.show(|shown| {
            shown.trouble = None;
            let changed = shown.warnings != run.warnings;
            shown.warnings.clone_from(&run.warnings);
            changed
        });
        if changed {
            for warning in &run.warnings {
                tracing::warn!(poll = %self.poll, "{warning}");
            }
            let body = serde_json::to_value(&run.warnings).unwrap_or_default();
            self.means.note(EventKind::PollWarnings, Some(self.poll), body);
        }
        Ok(())
    }

    /// Begins or joins the job that brings the poll to its result, and waits for it.
    async fn finalise(&self) -> Result<Next, ServiceError> {
        let work = Work::Finalise {
            poll: self.poll,
            start_block: None,
            sender: SenderChoice::ChainDefault,
        };
        let handle = self.runner.begin(&work, &Actor::coordinator().name).await?;
        self.show(|shown| shown.job = Some(handle.id));
        let outcome = self.runner.outcome(handle.id).await;
        self.show(|shown| {
            shown.job = None;
            shown.trouble = outcome.as_ref().err().map(JobFailure::of);
        });
        let settings = &self.means.parts.rounds;
        match outcome {
            Ok(_) => Ok(Next::Now),
            Err(ServiceError::Cancelled { .. }) => {
                self.pause().await?;
                Ok(Next::After(settings.look_every))
            }
            Err(error @ ServiceError::Draining) => Err(error),
            Err(error) => Ok(Next::After(match error.remedy() {
                // the chain answers again, or the next look fails and waits longer
                Remedy::Retry => LONGEST.min(settings.try_again_after),
                Remedy::AskOperator => settings.try_again_after,
                Remedy::Abandon => settings.try_again_after.saturating_mul(HOPELESS),
            })),
        }
    }

    /// Publishes everything the result rests on. Proofs that are not here any more are made again first.
    async fn publish(&self) -> Result<Next, ServiceError> {
        match self.means.publish(self.poll).await {
            Ok(_) => return Ok(Next::WhenAsked),
            Err(PublicationError::Proof { name, problem, .. }) => {
                tracing::info!(poll = %self.poll, name, problem, "making the poll's proofs again, to publish them");
            }
            Err(error) => return Err(error.into()),
        }
        let work = Work::Generate {
            poll: self.poll,
            start_block: None,
            key_given: false,
        };
        let handle = self.runner.begin(&work, &Actor::coordinator().name).await?;
        self.show(|shown| shown.job = Some(handle.id));
        let outcome = self.runner.outcome(handle.id).await;
        self.show(|shown| shown.job = None);
        outcome?;
        self.means.publish(self.poll).await?;
        Ok(Next::WhenAsked)
    }

    /// Whoever called the job off does not want another one.
    async fn pause(&self) -> Result<(), ServiceError> {
        let polls = self.means.parts.store.polls();
        if let Some(mut watched) = polls.get(&self.poll).await? {
            watched.paused = true;
            polls.update(&watched).await?;
        }
        Ok(())
    }

    fn is_written(&self) -> Result<bool, ServiceError> {
        Ok(self.means.tally_text(self.poll)?.is_some())
    }

    /// Checks the result against the chain, once.
    async fn verify(&self, look: &Look) -> Result<(), ServiceError> {
        let known = self.show(|shown| shown.verification.is_some());
        if let (false, Some(text)) = (known, self.means.tally_text(self.poll)?) {
            let report = verify(&look.reader, &TallyFile::parse(&text)?).await?;
            let body = json!({ "stage": "final", "verified": report.verified() });
            self.show(|shown| shown.verification = Some(report));
            self.means.note(EventKind::PollStage, Some(self.poll), body);
        }
        self.show(|shown| {
            shown.trouble = None;
            shown.warnings.clear();
        });
        Ok(())
    }

    fn show<T>(&self, change: impl FnOnce(&mut Shown) -> T) -> T {
        change(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Means {
    /// The text of a poll's `tally.json`, if it was written.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn tally_text(&self, poll: PollRef) -> Result<Option<String>, ServiceError> {
        let bytes = self.parts.store.poll_folder(&poll)?.read("tally.json")?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}
