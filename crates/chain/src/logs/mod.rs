//! The chain's history, fetched whole and in order, however the provider limits its answers.
//!
//! - `window`   how many blocks to ask for at once, learned from refusals and successes
//! - `fetch`    one window of logs, belonging to one unbroken stretch of the chain
//! - `fork`     where our history and the chain's part
//! - `birth`    the block in which a contract appeared
//! - `event`    what a log says

mod birth;
mod event;
mod fetch;
mod fork;
mod window;

pub use event::{ContractEvent, UnreadableLog, decode};
pub use fetch::{LogError, LogFilter, LogReader, Stretch};
pub use window::Window;
