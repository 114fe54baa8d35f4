//! What happened, written down in order and told to whoever listens.
//!
//! - `event`     one thing that happened
//! - `log`       writes events down, one after the other
//! - `follow`    tells them, from any cursor on
mod event;
mod follow;
mod log;

pub use event::{Cursor, Event, EventFilter, EventKind};
pub(crate) use log::{EventLog, Happened};
