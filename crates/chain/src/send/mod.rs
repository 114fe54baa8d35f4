//! Transactions that survive crashes and are sent once: ask, intend, act, observe.
//!
//! - `call`     what is to be done, and what for
//! - `intent`   the memory of what was signed, kept by somebody else
//! - `submit`   the one thing callers need: do this, tell me where it landed
//! - `sender`   a wallet on a chain: looks for an earlier intent, makes one, follows it
//! - `follow`   broadcasts an intent until it is mined or superseded
//! - `fees`     what to offer, and what to offer next
//! - `room`     whether a call fits a transaction
//! - `revert`   why a contract refused, in words

mod call;
mod fees;
mod follow;
mod intent;
mod revert;
mod room;
mod sender;
mod submit;

pub use call::{Call, Landed, Purpose};
pub use fees::FeeCap;
pub use intent::{Begun, Intent, IntentLog, IntentLogError, IntentState, MemoryIntentLog, SignedTransaction};
pub use revert::Revert;
pub use room::{fits, most_gas};
pub use sender::{SendSettings, Sender};
pub use submit::{SendError, Submit};
