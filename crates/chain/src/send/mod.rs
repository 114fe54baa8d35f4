//! Transactions that survive crashes and are sent once: ask, intend, act, observe.
//!
//! - `call`     what is to be done, and what for
//! - `intent`   the memory of what was signed, kept by somebody else
//! - `submit`   the one thing callers need: do this, tell me where it landed
//! - `sender`   a wallet on a chain: looks for an earlier intent, makes one, follows it
//! - `flight`   many calls of a wallet on their way together
//! - `follow`   broadcasts an intent until it is mined or superseded
//! - `mined`    how many are mined, asked once for all who follow
//! - `receipt`  where a transaction landed, and what it cost
//! - `change`   offering more for one that waits, or calling it off
//! - `recover`  what nobody follows any more, found again
//! - `outside`  transactions that somebody else's wallet sends
//! - `signed`   what a signed transaction offers
//! - `permit`   whether the operator lets it be signed
//! - `data_fee` what some chains charge for a transaction's bytes
//! - `reception` what an endpoint says to a broadcast
//! - `strategy` how an operator wants gas priced
//! - `fees`     what is offered, and what to offer next
//! - `room`     whether a call fits a transaction
//! - `revert`   why a contract refused, in words

mod call;
mod change;
mod data_fee;
mod fees;
mod flight;
mod follow;
mod intent;
mod mined;
mod outside;
mod permit;
mod receipt;
mod reception;
mod recover;
mod revert;
mod room;
mod sender;
mod signed;
mod strategy;
mod submit;

pub use call::{Call, Landed, Purpose};
pub use fees::FeeCap;
pub(crate) use fees::Fees;
pub use intent::{Begun, Intent, IntentLog, IntentLogError, IntentState, MemoryIntentLog, Paid, SignedTransaction};
pub use outside::{Seen, examine, try_out};
pub use permit::{Denied, Permit, Spending};
pub(crate) use receipt::read_receipt;
pub use recover::{Recovered, recover};
pub use revert::Revert;
pub use room::{fits, most_gas};
pub use sender::{SendSettings, Sender, balance_of};
pub use signed::Offer;
pub use strategy::FeeStrategy;
pub use submit::{SendError, Submit};
