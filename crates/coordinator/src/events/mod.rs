//! What happened, written down in order and told to whoever listens.
//!
//! - `event`     one thing that happened
mod event;

pub use event::{Cursor, Event, EventFilter, EventKind};
