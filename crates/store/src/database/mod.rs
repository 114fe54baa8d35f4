//! The tables, a file or folder per group.
//!
//! What chains said, which can be fetched again:
//! - `ledger`       logs of polls, and how far they were read
//!
//! What cannot be made again:
//! - `intents`      what was signed
//! - `operations`   what smart accounts signed
//! - `delegations`  session keys, and what owners allowed them
//! - `exports`      calls for somebody's own wallet
//! - `pauses`       which senders sign nothing
//! - `polls`        which polls are looked after
//! - `jobs`         what is to be done, is being done, was done
//! - `schedules`    what is to begin at a time
//! - `events`       what happened, in order, for those who follow along
//! - `sessions`     who is logged in, and what may be used only once
//! - `audit`        who did what, each entry sealed by the next
//! - `content`      what was published by its hash, and who else keeps it
//! - `relay`        messages taken from voters, until they are on chain
//! - `deployments`  steps of deployments, and the contracts they left
//! - `idempotency`  answers that a repeated request gets again
//!
//! Beneath them:
//! - `engine`       one database, whichever engine runs it
//! - `column`       values as columns hold them
//! - `trouble`      what an engine's error says about who acts now

mod audit;
mod column;
mod content;
mod delegations;
mod deployments;
mod engine;
mod events;
mod exports;
mod idempotency;
mod intents;
mod jobs;
mod ledger;
mod operations;
mod pauses;
mod polls;
mod relay;
mod schedules;
mod sessions;
mod trouble;

pub use audit::{Audit, AuditChain, AuditEntry, AuditRow};
pub use content::{Blocks, NewRoot, Pin, PinCount, PinState, Pins, Publication, Publications};
pub use delegations::{ApprovalRow, Delegations, SessionKeyRow};
pub use deployments::{DeployedContract, DeploymentStep, DeploymentSteps, StepLeft};
pub use events::{EventFilter, EventRow, Events, NewEvent};
pub use exports::{ExportRow, ExportState, Exports, NewExport};
pub use idempotency::{Answer, Earlier, Idempotency};
pub use intents::{Begun, Intent, IntentFilter, IntentKey, IntentRow, IntentState, Intents, Paid, SignedBytes};
pub use jobs::{BegunJob, Cancelled, JobFilter, JobRow, JobState, Jobs, NewJob};
pub use ledger::{Appended, Ledger, LedgerState};
pub use operations::{
    Executed, ListedOperation, NewOperation, OperationBegun, OperationFilter, OperationKey, OperationRow,
    OperationState, Operations,
};
pub use pauses::{Paused, Pauses};
pub use polls::{PollSource, Polls, Watched};
pub use relay::{
    BatchFilter, BatchState, Link, NewBatch, NewRelayed, OnChain, Relay, RelayCounts, RelayedBatchRow, RelayedContent,
    RelayedMessageRow, Shipment, Taken, Waiting,
};
pub use schedules::{Created, NewSchedule, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState, Schedules};
pub use sessions::{Session, Sessions, TokenDigest};

pub(crate) use engine::{Db, lock_number};
pub(crate) use jobs::Runner;
pub(crate) use trouble::needs_operator;

/// A part of a list, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<K> {
    /// Go on behind this one; begin with the newest if not given.
    pub after: Option<K>,
    /// How many; 1 to 1000.
    pub limit: u32,
}

impl<K> Page<K> {
    /// The newest ones.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    fn rows(&self) -> i64 {
        rows(self.limit)
    }
}

/// A limit as a query takes it.
fn rows(limit: u32) -> i64 {
    limit.clamp(1, 1000).into()
}
