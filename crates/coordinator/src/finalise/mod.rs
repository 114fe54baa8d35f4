//! Brings a closed poll to its result, one durable step at a time.
//!
//! The chain is read, one [`Stage`] follows, its step is taken, and the chain is read again. Stopping or dying anywhere
//! is harmless: whoever starts next finds the same stage, the same batches, and whatever was stored.
//!
//! - `stage`      where a poll stands, and what is next
//! - `look`       one look at the chain
//! - `run`        look, act, look again; as far as to the merge, to all proofs, or to the result
//! - `work`       what follows from the history, as long as it fits the chain
//! - `sending`    proofs and calls sent in order, by whoever has the poll's lock
//! - `history`    the poll's events, believed only when the contract agrees
//! - `keys`       the circuits, compared with the registered keys
//! - `plan`       all batches, continuing what is on chain
//! - `proofs`     batches to proofs, each made once
//! - `pipeline`   proofs ahead of their submission, in order
//! - `circuit`    one circuit, and what proving with it takes
//! - `pool`       the threads that prove, shared by all polls
//! - `priority`   proving gives way to requests
//! - `publish`    results on chain, in slices that fit
//! - `files`      `tally.json`
//! - `error`      what can stop it, and who acts then

mod circuit;
mod error;
mod files;
mod history;
mod keys;
mod look;
mod pipeline;
mod plan;
mod pool;
mod priority;
mod proofs;
mod publish;
mod run;
#[cfg(test)]
mod sample;
mod sending;
mod stage;
mod work;

pub use error::FinaliseError;
pub use files::tally_file;
pub(crate) use history::history;
pub use keys::KeySet;
pub(crate) use keys::PollKeys;
pub use look::look;
pub use pool::{ProvingLimits, ProvingPool};
pub(crate) use priority::start_computing_threads;
pub use run::{Finalised, Finaliser, Proved, Settings};
pub use stage::{Batches, Impossible, Seen, Stage};
