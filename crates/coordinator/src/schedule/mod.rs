//! What is to happen at a time: polls finalised at their end, polls deployed at a date, whole rounds from one document.
//!
//! - `moment`     dates as people write them
//! - `document`   what can be scheduled, with its JSON schema
//! - `entry`      one thing to be done, as it is written down
//! - `step`       how an entry is done, and what its outcome means
//! - `engine`     does what is due, also what became due while nobody was there
//! - `view`       when an entry runs, ran, or why not
mod document;
mod engine;
mod entry;
mod moment;
mod step;
mod view;

pub use document::{RoundDocument, ScheduleDocument, ThisPoll, schema};
pub(crate) use engine::Engine;
pub(crate) use entry::{Entry, RoundStep, view};
pub use moment::Moment;
pub use view::{EntryState, ScheduleId, ScheduleView};
