use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use maci_store::{Created, NewSchedule, Page, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState};
use uuid::Uuid;

use super::acting::expect_mode;
use super::{FinalisationRequest, Service, ServiceError, Source, WatchRequest};
use crate::actor::{Actor, Role};
use crate::finalise::Stage;
use crate::rounds::Look;
use crate::schedule::{Entry, RoundDocument, RoundStep, ScheduleDocument, ScheduleId, ScheduleView, view};

/// Entries told at once.
const PAGE: u32 = 500;

impl Service {
    /// Finalises a poll at its end. The poll is watched from now on.
    ///
    /// # Errors
    /// Code 28 when it is scheduled already, 29 when it is tallied already, 2 without such a poll.
    pub async fn schedule_finalisation(
        &self,
        actor: &Actor,
        request: FinalisationRequest,
    ) -> Result<ScheduleId, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let poll = request.poll;
        let look = self.expect_untallied(poll).await?;
        expect_mode(&look, request.mode)?;
        let sender = self.known_sender(poll.chain, request.sender).await?;
        let entry = Entry::Finalise {
            poll,
            sender: sender.clone(),
        };
        let row = self.schedule_entry(actor, &entry, self.end_of(&look)).await?;
        // watched after it is scheduled: asking twice changes nothing
        let watch = WatchRequest {
            poll,
            deployment_block: request.deployment_block,
            source: Source::Api,
            paused: false,
            sender,
        };
        self.watch_poll(actor, watch).await?;
        Ok(ScheduleId(row.id))
    }

    /// Whether a poll is scheduled to be finalised at its end.
    ///
    /// # Errors
    /// Code 29 when it is tallied already, 2 without such a poll.
    pub async fn finalisation_scheduled(&self, poll: PollRef) -> Result<bool, ServiceError> {
        self.expect_untallied(poll).await?;
        Ok(self.finalisation_of(poll).await?.is_some())
    }

    /// Calls off the finalisation of a poll; nothing happens if it was not scheduled. A poll that was watched only for it
    /// is no longer watched.
    ///
    /// # Errors
    /// When the actor is no operator.
    pub async fn unschedule_finalisation(&self, actor: &Actor, poll: PollRef) -> Result<(), ServiceError> {
        self.admit(actor, Role::Operator)?;
        let Some(row) = self.finalisation_of(poll).await? else {
            return Ok(());
        };
        self.call_off(&row).await?;
        let watched = self.means.parts.store.polls().get(&poll).await?;
        if watched.is_some_and(|watched| watched.source == maci_store::PollSource::Api) {
            self.unwatch_poll(actor, poll).await?;
        }
        Ok(())
    }

    /// Schedules what a document says, and answers the entries it became: one, or five for a round.
    ///
    /// # Errors
    /// When the document contradicts itself or asks for what cannot be done.
    pub async fn create_schedule(
        &self,
        actor: &Actor,
        document: ScheduleDocument,
    ) -> Result<Vec<ScheduleView>, ServiceError> {
        self.admit(actor, Role::Operator)?;
        match document {
            ScheduleDocument::Finalise { poll, at, sender } => {
                let poll = PollRef {
                    chain: self.chain(&poll.chain)?,
                    maci: poll.maci_address,
                    poll: maci_protocol::ids::PollId(poll.poll_id),
                };
                let look = self.expect_untallied(poll).await?;
                let at = at.map_or(Timestamp(0), |at| at.0).max(self.end_of(&look));
                let sender = self.known_sender(poll.chain, sender).await?;
                let row = self
                    .schedule_entry(actor, &Entry::Finalise { poll, sender }, at)
                    .await?;
                Ok(vec![view(row)])
            }
            ScheduleDocument::DeployPoll {
                name,
                at,
                chain,
                config,
                key,
                sender,
            } => {
                config.check()?;
                let chain = self.chain(&chain)?;
                if Timestamp::from_unix_seconds(config.end_date.0) <= at.0 {
                    return Err(ServiceError::invalid("voting would end before the poll is deployed"));
                }
                let title = name;
                let entry = Entry::DeployPoll {
                    chain,
                    config: Box::new(config),
                    key,
                    title,
                    sender: self.known_sender(chain, sender).await?,
                };
                let row = self.schedule_entry(actor, &entry, at.0).await?;
                Ok(vec![view(row)])
            }
            ScheduleDocument::Round(timeline) => self.schedule_round(actor, timeline).await,
        }
    }

    /// The schedule, the newest entry first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schedules(&self) -> Result<Vec<ScheduleView>, ServiceError> {
        let store = self.means.parts.store.schedules();
        let rows = store.list(&ScheduleFilter::default(), Page::first(PAGE)).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// An entry of the schedule.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchSchedule`].
    pub async fn schedule(&self, id: ScheduleId) -> Result<ScheduleView, ServiceError> {
        Ok(view(self.schedule_row(id).await?))
    }

    /// Calls an entry off; of a round, every step that has not begun.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchSchedule`], that it is over, or the actor is no operator.
    pub async fn cancel_schedule(&self, actor: &Actor, id: ScheduleId) -> Result<ScheduleView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let row = self.schedule_row(id).await?;
        let rows = match Entry::read(&row)? {
            Entry::Round { round, .. } => {
                let filter = ScheduleFilter {
                    name: Some(round.to_string()),
                    unfinished: true,
                    ..ScheduleFilter::default()
                };
                self.means
                    .parts
                    .store
                    .schedules()
                    .list(&filter, Page::first(16))
                    .await?
            }
            Entry::Finalise { .. } | Entry::DeployPoll { .. } => vec![row],
        };
        let mut any = false;
        for row in rows {
            any |= self.call_off(&row).await?;
        }
        if !any {
            return Err(ServiceError::ScheduleOver { schedule: id.0 });
        }
        self.schedule(id).await
    }

    async fn schedule_round(&self, actor: &Actor, timeline: RoundDocument) -> Result<Vec<ScheduleView>, ServiceError> {
        timeline.check()?;
        let chain = self.chain(&timeline.chain)?;
        self.known_sender(chain, timeline.sender.clone()).await?;
        let now = self.means.parts.clock.now();
        if timeline.close.0 <= now {
            return Err(ServiceError::invalid(format!(
                "the round has closed already, at {}",
                timeline.close
            )));
        }
        let margin = std::time::Duration::from_secs(self.means.parts.rounds.margin.max(1));
        let closed = timeline.close.0.after(margin);
        let finalise = timeline.finalise.map_or(closed, |at| at.0.max(closed));
        let publish = timeline.publish.map_or(finalise, |at| at.0.max(finalise));
        let round = Uuid::now_v7();
        let mut views = Vec::new();
        for step in RoundStep::ALL {
            let at = match step {
                RoundStep::Deploy => timeline.deploy.0,
                RoundStep::Open => timeline.open.0,
                RoundStep::Close => timeline.close.0,
                RoundStep::Finalise => finalise,
                RoundStep::Publish => publish,
            };
            let timeline = Box::new(timeline.clone());
            let entry = Entry::Round {
                round,
                step,
                chain,
                timeline,
            };
            views.push(view(self.schedule_entry(actor, &entry, at).await?));
        }
        Ok(views)
    }

    /// Writes an entry down; one of the same kind and name that waits already is a conflict.
    async fn schedule_entry(&self, actor: &Actor, entry: &Entry, at: Timestamp) -> Result<ScheduleRow, ServiceError> {
        let new = NewSchedule {
            kind: entry.kind().to_owned(),
            name: entry.name(),
            poll: entry.poll(),
            runs_at: at,
            document: entry.write()?,
            created_by: actor.name.as_str().to_owned(),
        };
        let store = self.means.parts.store.schedules();
        match (store.create(&new, self.means.parts.clock.now()).await?, entry.poll()) {
            (Created::New(row), _) => {
                self.engine.note(&row, row.state, None);
                self.engine.look();
                Ok(row)
            }
            (Created::Taken(_), Some(poll)) => Err(ServiceError::AlreadyScheduled { poll }),
            (Created::Taken(row), None) => Err(ServiceError::NameScheduled {
                name: row.name.unwrap_or(row.kind),
            }),
        }
    }

    /// Calls an entry off; false if it was over.
    async fn call_off(&self, row: &ScheduleRow) -> Result<bool, ServiceError> {
        let change = ScheduleChange {
            state: Some(ScheduleState::Cancelled),
            ..ScheduleChange::default()
        };
        let (store, now) = (self.means.parts.store.schedules(), self.means.parts.clock.now());
        for from in [ScheduleState::Waiting, ScheduleState::Running] {
            if store.update(row.id, from, &change, now).await? {
                self.engine.note(row, ScheduleState::Cancelled, None);
                self.engine.look();
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// When a poll can be finalised, by its chain's clock.
    fn end_of(&self, look: &Look) -> Timestamp {
        let margin = self.means.parts.rounds.margin.max(1);
        Timestamp::from_unix_seconds(look.reader.period().end.saturating_add(margin))
    }

    async fn expect_untallied(&self, poll: PollRef) -> Result<std::sync::Arc<Look>, ServiceError> {
        let look = self.means.looks.now(poll).await?;
        if matches!(look.stage, Stage::Publishing { .. } | Stage::Final) {
            return Err(ServiceError::AlreadyTallied { poll });
        }
        Ok(look)
    }

    async fn finalisation_of(&self, poll: PollRef) -> Result<Option<ScheduleRow>, ServiceError> {
        let filter = ScheduleFilter {
            kind: Some(Entry::FINALISE.to_owned()),
            name: Some(Entry::name_of(poll)),
            unfinished: true,
            ..ScheduleFilter::default()
        };
        let rows = self.means.parts.store.schedules().list(&filter, Page::first(1)).await?;
        Ok(rows.into_iter().next())
    }

    async fn schedule_row(&self, id: ScheduleId) -> Result<ScheduleRow, ServiceError> {
        let found = self.means.parts.store.schedules().get(id.0).await?;
        found.ok_or(ServiceError::NoSuchSchedule { schedule: id.0 })
    }
}
