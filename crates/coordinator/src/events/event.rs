use std::fmt;
use std::str::FromStr;

use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::jobs::JobId;

/// A place in the log of events. Whoever gives the last one they saw misses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub i64);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cursor {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What kinds of things happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A job was asked for.
    JobCreated,
    /// A job is at work.
    JobStarted,
    /// A job failed and will be tried again; the body has the failure and when.
    JobRetrying,
    /// A job is done; the body is its result.
    JobDone,
    /// A job will not go on by itself; the body is its failure.
    JobFailed,
    /// Somebody stopped a job.
    JobCancelled,
    /// A job told something: the body is the progress.
    Progress,
    /// A batch was proved: the body is `{phase, current, total, proofs}`.
    BatchProved,
    /// A poll is watched from now on.
    PollWatched,
    /// A poll is no longer watched.
    PollUnwatched,
    /// A poll stands elsewhere; the body has the stage.
    PollStage,
    /// The warnings about a poll changed; the body is the list.
    PollWarnings,
    /// An entry of the schedule was made or changed.
    ScheduleChanged,
    /// A coordinator key was made or taken in.
    KeyAdded,
    /// A sender signs nothing until it is let go on; the body says which, and by whom.
    SenderPaused,
    /// A sender goes on.
    SenderResumed,
    /// A sender runs out of money; the body has its address and balance.
    SenderLow,
    /// A transaction is not mined for long.
    TransactionStuck,
    /// Transactions that had been mined were taken back with their blocks, and are on their way again.
    TransactionsRevived,
    /// Somebody offered more for a transaction, or called it off.
    TransactionChanged,
    /// A session key was made or deleted, or an approval for one was kept; the body says which.
    SessionKeyChanged,
    /// An account's owner took back on the chain what a session key was allowed; the body has key, chain, account and how.
    SessionKeyRevoked,
    /// A poll's result was published as a whole; the body has the root.
    PollPublished,
    /// Relayed messages were packed into batches.
    RelayPacked,
    /// Batches no longer fitted behind what others published, and are packed anew.
    RelayDissolved,
    /// Batches are on chain.
    RelayLanded,
    /// Batches are on chain in a block that will stay.
    RelayFinal,
    /// Relayed messages may miss the end of voting, or have missed it.
    RelayLate,
    /// Relayed messages do not get on; the body says why.
    RelayTrouble,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 29] = [
        Self::JobCreated,
        Self::JobStarted,
        Self::JobRetrying,
        Self::JobDone,
        Self::JobFailed,
        Self::JobCancelled,
        Self::Progress,
        Self::BatchProved,
        Self::PollWatched,
        Self::PollUnwatched,
        Self::PollStage,
        Self::PollWarnings,
        Self::ScheduleChanged,
        Self::KeyAdded,
        Self::SenderPaused,
        Self::SenderResumed,
        Self::SenderLow,
        Self::TransactionStuck,
        Self::TransactionsRevived,
        Self::TransactionChanged,
        Self::SessionKeyChanged,
        Self::SessionKeyRevoked,
        Self::PollPublished,
        Self::RelayPacked,
        Self::RelayDissolved,
        Self::RelayLanded,
        Self::RelayFinal,
        Self::RelayLate,
        Self::RelayTrouble,
    ];

    /// The word in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::JobCreated => "job-created",
            Self::JobStarted => "job-started",
            Self::JobRetrying => "job-retrying",
            Self::JobDone => "job-done",
            Self::JobFailed => "job-failed",
            Self::JobCancelled => "job-cancelled",
            Self::Progress => "progress",
            Self::BatchProved => "batch-proved",
            Self::PollWatched => "poll-watched",
            Self::PollUnwatched => "poll-unwatched",
            Self::PollStage => "poll-stage",
            Self::PollWarnings => "poll-warnings",
            Self::ScheduleChanged => "schedule-changed",
            Self::KeyAdded => "key-added",
            Self::SenderPaused => "sender-paused",
            Self::SenderResumed => "sender-resumed",
            Self::SenderLow => "sender-low",
            Self::TransactionStuck => "transaction-stuck",
            Self::TransactionsRevived => "transactions-revived",
            Self::TransactionChanged => "transaction-changed",
            Self::SessionKeyChanged => "session-key-changed",
            Self::SessionKeyRevoked => "session-key-revoked",
            Self::PollPublished => "poll-published",
            Self::RelayPacked => "relay-packed",
            Self::RelayDissolved => "relay-dissolved",
            Self::RelayLanded => "relay-landed",
            Self::RelayFinal => "relay-final",
            Self::RelayLate => "relay-late",
            Self::RelayTrouble => "relay-trouble",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the log.
    pub cursor: Cursor,
    /// When.
    pub at: Timestamp,
    /// To which poll.
    pub poll: Option<PollRef>,
    /// In which job.
    pub job: Option<JobId>,
    /// What.
    pub kind: EventKind,
    /// What exactly.
    pub body: Value,
}

/// Which events to tell; what is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// About this poll.
    pub poll: Option<PollRef>,
    /// In this job.
    pub job: Option<JobId>,
    /// Of these kinds; all if empty.
    pub kinds: Vec<EventKind>,
}

impl EventFilter {
    /// Whether an event is to be told.
    #[must_use]
    pub fn takes(&self, event: &Event) -> bool {
        self.poll.is_none_or(|poll| event.poll == Some(poll))
            && self.job.is_none_or(|job| event.job == Some(job))
            && (self.kinds.is_empty() || self.kinds.contains(&event.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_as_written() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::named(kind.name()), Some(kind));
        }
    }
}
