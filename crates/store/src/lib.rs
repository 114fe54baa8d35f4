//! What survives a crash: a database, artifacts and files.
//!
//! No SQL is written anywhere else. It is *not* a judge of what it keeps: logs and transactions go
//! in and come out word for word. Everything that belongs together is written in one transaction,
//! and none is held open while somebody waits for a network. The SQL keeps to what SQLite and
//! PostgreSQL both understand, so there is one of everything.
//!
//! Start reading at [`Store`].
//!
//! - `store`      everything, opened
//! - `settings`   which database, and where artifacts are
//! - `database`   the tables: what can be fetched again, and what cannot
//! - `lock`       rights that end with their holder
//! - `objects`    artifacts, in a folder or a bucket
//! - `retention`  how long what is kept
//! - `disk`       polls' files and the record of deployments
//! - `error`      what can fail, and who acts then

mod database;
mod disk;
mod error;
mod lock;
mod objects;
mod retention;
mod settings;
mod store;

pub use database::{
    Answer, Appended, ApprovalRow, Audit, AuditChain, AuditEntry, AuditRow, BatchFilter, BatchState, Begun, BegunJob,
    Blocks, Cancelled, Created, Delegations, DeployedContract, DeploymentStep, DeploymentSteps, Earlier, EventFilter,
    EventRow, Events, Executed, ExportRow, ExportState, Exports, Idempotency, Intent, IntentFilter, IntentKey,
    IntentRow, IntentState, Intents, JobFilter, JobRow, JobState, Jobs, Ledger, LedgerState, Link, ListedOperation,
    NewBatch, NewEvent, NewExport, NewJob, NewOperation, NewRelayed, NewRoot, NewSchedule, OnChain, OperationBegun,
    OperationFilter, OperationKey, OperationRow, OperationState, Operations, Page, Paid, Paused, Pauses, Pin, PinCount,
    PinState, Pins, PollSource, Polls, Publication, Publications, Relay, RelayCounts, RelayedBatchRow, RelayedContent,
    RelayedMessageRow, ScheduleChange, ScheduleFilter, ScheduleRow, ScheduleState, Schedules, Session, SessionKeyRow,
    Sessions, Shipment, SignedBytes, StepLeft, Taken, TokenDigest, Waiting, Watched,
};
pub use disk::{BatchBackups, Deployments, PollFolder};
pub use error::StoreError;
pub use lock::PollLock;
pub use objects::{ArtifactKey, Artifacts, BlockingArtifacts, Found};
pub use retention::{Pruned, Retention};
pub use settings::{Bucket, Database, Objects, StoreSettings};
pub use store::Store;
