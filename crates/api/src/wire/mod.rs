//! What goes over the wire: bodies read strictly, answers written, and their schemas. Wire values are never stored, and
//! values of the service are never served as they are.
//!
//! - `fields`, `rules`    reading a body, with one complaint per wrong field
//! - `scalars`            schemas of addresses, chains, modes and numbers
//! - `paths`              ids in paths
//! - `rounds`, `deploy`, `config`   bodies about polls, and bodies that deploy
//! - `plans`              what a deployment would do and cost
//! - `answers`            what the original service's routes answer
//! - `health`, `polls`, `warnings`, `jobs`, `schedules`, `happenings`, `keys`   what is told about them
//! - `relay`              votes without gas
//! - `senders`            senders, transactions, calls for wallets
//! - `session_keys`       session keys and approvals
//! - `failures`           why work failed
//! - `refusals`           schemas of refusals

mod answers;
mod config;
mod content;
mod deploy;
mod failures;
mod fields;
mod happenings;
mod health;
mod jobs;
mod keys;
mod paths;
mod plans;
mod polls;
mod refusals;
mod relay;
mod rounds;
pub(crate) mod rules;
mod scalars;
mod schedules;
mod senders;
mod session_keys;
mod warnings;

#[cfg(test)]
mod tests;

pub use answers::{
    Contracts, GeneratedProofs, MaciAddress, PollNumber, Proof, ProofsAnswer, PublicKey, Scheduled, SubgraphUrl,
    TallyData,
};
pub use content::{ContentAnswer, PinAnswer, PinStateName, PublicationAnswer};
pub use deploy::{DeployMaciBody, DeployPollBody, PolicyBody, SubgraphBody};
pub use failures::FailureAnswer;
pub(crate) use failures::remedy;
pub(crate) use fields::{FromFields, read};
pub use happenings::EventAnswer;
pub use health::HealthAnswer;
pub use jobs::{JobAnswer, JobsAnswer};
pub use keys::{
    BackupAnswer, BackupBody, ImportKeyBody, KeyAnswer, KeysAnswer, NewKeyBody, RestoreBody, RestoredAnswer, UnlockBody,
};
pub(crate) use paths::{chain_text, job_text, key_name, poll_path, poll_text};
pub use plans::PlanAnswer;
pub use polls::{PollAnswer, PollContractsAnswer, PollRefAnswer, PollSummaryAnswer, StageAnswer, TimelineAnswer};
pub use refusals::{MessageBody, ProblemBody, ProblemDetails};
pub(crate) use relay::message_hash;
pub use relay::{
    BatchesBody, InclusionAnswer, MessageBatchAnswer, MessageStandingAnswer, MessageToRelay, MessagesAnswer,
    PollRelayAnswer, PublishBody, ReceiptAnswer, RelayAnswer, RelayChainAnswer, RelayedMessageAnswer,
};
pub use rounds::{GenerateBody, PollBody, RegisterBody, WatchBody};
pub use scalars::{
    AddressText, BlockHeight, ChainName, Decimal, EntryStateName, EventKindName, HexText, IdText, JobKindName,
    JobStateName, ModeNumber, Moment, PollInteger, SenderText,
};
pub use schedules::{ScheduleAnswer, SchedulesAnswer};
pub use senders::{
    AttemptAnswer, BatchAnswer, ExportAnswer, ExportsAnswer, SenderAnswer, SenderOnChainAnswer, SendersAnswer,
    SentBody, TransactionAnswer, TransactionsAnswer,
};
pub use session_keys::{
    ApprovalBody, ExplanationAnswer, KeptAnswer, KeptApprovalAnswer, NewSessionKeyAnswer, SessionKeyAnswer,
    SessionKeyBody, SessionKeysAnswer,
};
pub use warnings::{DryRunAnswer, VerificationAnswer, WarningAnswer, WarningsAnswer};
