use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use maci_protocol::ids::PollRef;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Warning;
use super::round::Round;
use crate::jobs::{JobFailure, JobId, Runner};
use crate::perform::{Means, Touched};
use crate::service::ServiceError;
use crate::verify::Report;

/// What is told about a watched poll beside its standing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) warnings: Vec<Warning>,
    pub(crate) trouble: Option<JobFailure>,
    pub(crate) job: Option<JobId>,
    pub(crate) verification: Option<Report>,
}

/// Every watched poll, each in a task of its own. Clones are the same.
#[derive(Clone)]
pub(crate) struct Rounds(Arc<Inner>);

struct Inner {
    means: Arc<Means>,
    runner: Runner,
    watched: Mutex<BTreeMap<PollRef, Watched>>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

struct Watched {
    stop: CancellationToken,
    nudge: Arc<Notify>,
    shown: Arc<Mutex<Shown>>,
}

impl Rounds {
    /// Looks after every poll the store says is watched, and those that are watched from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn start(
        means: Arc<Means>,
        runner: Runner,
        touched: mpsc::UnboundedReceiver<Touched>,
    ) -> Result<Self, ServiceError> {
        let rounds = Self(Arc::new(Inner {
            runner,
            watched: Mutex::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            means,
        }));
        for watched in rounds.0.means.parts.store.polls().all().await? {
            rounds.watch(watched.poll);
        }
        rounds.listen(touched);
        Ok(rounds)
    }

    /// Watches the polls that jobs deploy, and looks at those they worked on.
    fn listen(&self, mut touched: mpsc::UnboundedReceiver<Touched>) {
        let (rounds, stopping) = (self.clone(), self.0.stopping.clone());
        self.0.tasks.spawn(async move {
            loop {
                tokio::select! {
                    heard = touched.recv() => match heard {
                        Some(Touched::Deployed(poll)) => rounds.watch(poll),
                        Some(Touched::Worked(poll)) => rounds.look(poll),
                        None => return,
                    },
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    /// Looks at a poll now, if it is looked after.
    fn look(&self, poll: PollRef) {
        let watched = self.0.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = watched.get(&poll) {
            known.nudge.notify_one();
        }
    }

    /// Looks after a poll; one that is looked after already is looked at now.
    pub(crate) fn watch(&self, poll: PollRef) {
        let mut watched = self.0.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = watched.get(&poll)
            && !known.stop.is_cancelled()
        {
            known.nudge.notify_one();
            return;
        }
        let new = Watched {
            stop: self.0.stopping.child_token(),
            nudge: Arc::default(),
            shown: Arc::default(),
        };
        let round = Round {
            poll,
            means: self.0.means.clone(),
            runner: self.0.runner.clone(),
            nudge: new.nudge.clone(),
            shown: new.shown.clone(),
        };
        let stop = new.stop.clone();
        watched.insert(poll, new);
        drop(watched);
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = round.follow() => {}
                () = stop.cancelled() => {}
            }
        });
    }

    /// No longer looks after a poll.
    pub(crate) fn unwatch(&self, poll: PollRef) {
        let gone = self
            .0
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&poll);
        if let Some(gone) = gone {
            gone.stop.cancel();
        }
    }

    /// What is to be told about a poll.
    pub(crate) fn shown(&self, poll: PollRef) -> Shown {
        let watched = self.0.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = watched.get(&poll).map(|watched| watched.shown.clone());
        shown.map_or_else(Shown::default, |shown| {
            shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// Stops looking after everything.
    pub(crate) async fn stop(&self) {
        self.0.stopping.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl std::fmt::Debug for Rounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let watched = self.0.watched.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Rounds")
            .field("watched", &watched.len())
            .finish_non_exhaustive()
    }
}
