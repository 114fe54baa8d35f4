//! The relayer: takes votes from voters who pay no gas, and brings every one it took on chain.
//!
//! A vote is taken when it comes with a proof of having joined, can be counted by the poll's circuits, fits the limits, and
//! is on the disk; then the voter gets a signed receipt. Votes go on chain in batches that can never break the poll's own
//! hashes (see [`maci_chain::relaying`]), and only after their content was published and read back.
//!
//! It does not see votes: they are encrypted for the poll's coordinator. Start reading at [`Relayer`].
//!
//! - `settings`    what it promises and what it allows
//! - `submission`  messages as a voter hands them in, and what is told of them
//! - `error`       why a message is not taken
//! - `relayer`     the facade
//! - `taking`      from a submission to a receipt
//! - `venue`       a poll that is relayed for, and what is fixed about it
//! - `checking`    proofs of having joined, many at once
//! - `keeping`     onto the disk, many requests at once
//! - `budget`      who may hand in how much
//! - `receipt`     what a voter can show
//! - `carrier`     one poll's messages, on their way
//! - `shipping`    one transaction's batches: published, sent, found on chain
//! - `files`       where a batch's content is found again
//! - `telling`     where messages and batches are

mod budget;
mod carrier;
mod checking;
mod error;
mod files;
mod keeping;
mod receipt;
mod relayer;
mod settings;
mod shipping;
mod submission;
mod taking;
mod telling;
mod venue;

pub use error::{RelayError, Spent};
pub(crate) use files::{KeptBatches, PublishedBatches};
pub use receipt::Receipt;
pub use relayer::Relayer;
pub use settings::{Allowance, RelaySettings};
pub use submission::{Accepted, Submission, SubmittedMessage};
pub use telling::{
    BatchQuery, BatchView, Inclusion, MessageStanding, MessageView, PollRelayView, RelayAccounts, RelayView,
};
