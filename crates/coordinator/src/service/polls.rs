use maci_custody::KeyName;
use maci_protocol::files::TallyFile;
use maci_protocol::ids::PollRef;
use maci_store::{PollSource, Watched};
use serde_json::json;

use super::{
    BatchCounts, Counts, PollSummary, PollView, ProofView, Service, ServiceError, Source, TallyView, Timeline,
    WatchRequest, WatchView,
};
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::finalise::Stage;
use crate::perform::{aside, proofs_of};
use crate::progress::Phase;
use crate::rounds::{DryRun, Warning, capacity, check};
use crate::verify::{Report, verify};

impl Service {
    /// The watched polls, the oldest first. Nothing is asked of any chain.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn polls(&self) -> Result<Vec<PollSummary>, ServiceError> {
        let watched = self.means.parts.store.polls().all().await?;
        let summary = |watched: Watched| {
            let (look, shown) = (self.means.looks.last(watched.poll), self.rounds.shown(watched.poll));
            PollSummary {
                poll: watched.poll,
                mode: watched.mode,
                stage: look.as_ref().map(|look| look.stage.clone()),
                ends_at: look.map(|look| look.reader.period().end),
                warnings: shown.warnings.len(),
                trouble: shown.trouble,
                watched: watch_view(&watched),
            }
        };
        Ok(watched.into_iter().map(summary).collect())
    }

    /// Everything about a poll, watched or not. What was read from the chain is at most a few seconds old.
    ///
    /// # Errors
    /// When it does not exist or its chain cannot be asked.
    pub async fn poll(&self, poll: PollRef) -> Result<PollView, ServiceError> {
        let look = self.means.looks.recent(poll).await?;
        let (reader, standing) = (&look.reader, &look.standing);
        let (config, period) = (reader.config(), reader.period());
        let shown = self.rounds.shown(poll);
        let mut warnings = shown.warnings;
        if self.relayer.as_ref().is_some_and(|relayer| relayer.is_late(poll)) {
            warnings.push(Warning::RelayedMessagesLate);
        }
        let watched = self.means.parts.store.polls().get(&poll).await?;
        let folder = self.means.parts.store.poll_folder(&poll)?;
        let files = folder.list()?;
        let made = |phase: Phase| {
            let prefix = format!("{phase}_");
            files.iter().filter(|name| name.starts_with(&prefix)).count() as u64
        };
        let batch = u64::from(config.message_batch_size());
        Ok(PollView {
            poll,
            mode: config.mode(),
            generation: reader.generation(),
            timeline: Timeline {
                period,
                finalisable_from: period.end.saturating_add(self.means.parts.rounds.margin.max(1)),
                now: standing.at.timestamp,
            },
            addresses: reader.addresses(),
            external: reader.external(),
            coordinator_public_key: *config.coordinator_public_key(),
            key: self.means.key_name(reader)?.map(|name: KeyName| name.to_string()),
            depths: config.depths(),
            message_batch_size: config.message_batch_size(),
            vote_options: config.vote_options(),
            counts: Counts {
                voters: standing.leaves.saturating_sub(1),
                capacity: capacity(reader),
                messages: standing.messages.saturating_sub(1),
            },
            process: BatchCounts {
                total: standing.messages.div_ceil(batch.max(1)),
                proved: made(Phase::Process),
                landed: standing.processing.batches,
            },
            tally: BatchCounts {
                total: standing.leaves.div_ceil(config.depths().tally_batch_size() as u64),
                proved: made(Phase::Tally),
                landed: standing.tallying.batches,
            },
            results: standing.tallying.results,
            has_tally: look.stage == Stage::Final && files.iter().any(|name| name == "tally.json"),
            stage: look.stage.clone(),
            verification: shown.verification,
            warnings,
            watched: watched.as_ref().map(watch_view),
            job: shown.job,
            trouble: shown.trouble,
            block: standing.at.number,
        })
    }

    /// Watches a poll from now on: it is brought to its result when its time has come. Watching a watched poll changes
    /// only whether it is paused.
    ///
    /// # Errors
    /// When it does not exist, or the actor is no operator.
    pub async fn watch_poll(&self, actor: &Actor, request: WatchRequest) -> Result<PollView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let reader = self.means.looks.reader(request.poll).await?;
        let new = Watched {
            poll: request.poll,
            mode: reader.config().mode(),
            deployment_block: request.deployment_block,
            sender: self
                .known_sender(request.poll.chain, request.sender.clone())
                .await?
                .to_stored(),
            since: self.means.parts.clock.now(),
            source: request.source.into(),
            paused: request.paused,
        };
        let polls = self.means.parts.store.polls();
        if !polls.watch(&new).await?
            && let Some(mut known) = polls.get(&request.poll).await?
        {
            known.paused = request.paused;
            known.sender = request.sender.to_stored().or(known.sender);
            known.deployment_block = request.deployment_block.or(known.deployment_block);
            polls.update(&known).await?;
        }
        let body = json!({ "source": request.source.word(), "paused": request.paused, "by": actor.name.as_str() });
        self.means.note(EventKind::PollWatched, Some(request.poll), body);
        self.rounds.watch(request.poll);
        self.poll(request.poll).await
    }

    /// No longer watches a poll; a job that is at work on it goes on.
    ///
    /// # Errors
    /// [`ServiceError::NotWatched`], or the actor is no operator.
    pub async fn unwatch_poll(&self, actor: &Actor, poll: PollRef) -> Result<(), ServiceError> {
        self.admit(actor, Role::Operator)?;
        if !self.means.parts.store.polls().unwatch(&poll).await? {
            return Err(ServiceError::NotWatched { poll });
        }
        self.rounds.unwatch(poll);
        let body = json!({ "by": actor.name.as_str() });
        self.means.note(EventKind::PollUnwatched, Some(poll), body);
        Ok(())
    }

    /// A poll's result, as written to `tally.json`; none is told before it is on chain.
    ///
    /// # Errors
    /// [`ServiceError::NoTally`].
    pub async fn tally(&self, poll: PollRef) -> Result<TallyView, ServiceError> {
        // what was proved and not yet published is nobody's to know
        if self.means.looks.recent(poll).await?.stage != Stage::Final {
            return Err(ServiceError::NoTally { poll });
        }
        let text = self.means.tally_text(poll)?.ok_or(ServiceError::NoTally { poll })?;
        Ok(TallyView {
            file: TallyFile::parse(&text)?,
            text,
        })
    }

    /// The proofs that were made for a poll: message batches, then ballot batches, each in proving order.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn proofs(&self, poll: PollRef) -> Result<Vec<ProofView>, ServiceError> {
        let folder = self.means.parts.store.poll_folder(&poll)?;
        aside(move || proofs_of(&folder)).await?
    }

    /// Checks a poll's result against the chain now.
    ///
    /// # Errors
    /// [`ServiceError::NoTally`], or the chain cannot be asked.
    pub async fn verification(&self, poll: PollRef) -> Result<Report, ServiceError> {
        if let Some(report) = self.rounds.shown(poll).verification {
            return Ok(report);
        }
        let tally = self.tally(poll).await?;
        Ok(verify(&self.means.looks.reader(poll).await?, &tally.file).await?)
    }

    /// What finalising the poll now would come to, and everything that stands in the way. Reads the whole history.
    ///
    /// # Errors
    /// When the history cannot be had, or the actor is no operator.
    pub async fn dry_run(&self, actor: &Actor, poll: PollRef) -> Result<DryRun, ServiceError> {
        self.admit(actor, Role::Operator)?;
        check(&self.means, poll).await
    }
}

fn watch_view(watched: &Watched) -> WatchView {
    WatchView {
        since: watched.since,
        source: match watched.source {
            PollSource::Api => Source::Api,
            PollSource::Deployed => Source::Deployed,
            PollSource::Settings => Source::Settings,
        },
        paused: watched.paused,
        deployment_block: watched.deployment_block,
        sender: watched.sender.clone(),
    }
}

impl From<Source> for PollSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Api => Self::Api,
            Source::Deployed => Self::Deployed,
            Source::Settings => Self::Settings,
        }
    }
}
