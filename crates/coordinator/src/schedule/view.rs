use std::fmt;
use std::str::FromStr;

use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::jobs::JobId;

/// Which entry of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScheduleId(pub Uuid);

impl fmt::Display for ScheduleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ScheduleId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryState {
    /// Its time has not come.
    Waiting,
    /// It is being done.
    Running,
    /// It was done.
    Done,
    /// Its time passed and it makes no sense any more.
    Missed,
    /// It could not be done.
    Failed,
    /// Somebody called it off.
    Cancelled,
}

impl EntryState {
    /// The word for clients.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Missed => "missed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An entry of the schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleView {
    /// Which.
    pub id: ScheduleId,
    /// `finalise`, `deploy-poll`, or a step of a round: `round-deploy`, `round-open`, `round-close`, `round-finalise`,
    /// `round-publish`.
    pub kind: String,
    /// What people call it.
    pub name: Option<String>,
    /// The round it is a step of.
    pub round: Option<Uuid>,
    /// The poll it is about, once there is one.
    pub poll: Option<PollRef>,
    /// When it runs.
    pub runs_at: Timestamp,
    /// Where it stands.
    pub state: EntryState,
    /// When that changed last: for an entry that is over, when it ran.
    pub changed_at: Timestamp,
    /// Why it was not done, or why the last attempt failed.
    pub reason: Option<String>,
    /// The job that does it.
    pub job: Option<JobId>,
    /// Who asked for it.
    pub by: String,
}
