//! What is to happen at a time: polls finalised at their end, polls deployed at a date, whole rounds from one document.
//!
//! - `moment`     dates as people write them
//! - `document`   what can be scheduled, with its JSON schema
//! - `view`       when an entry runs, ran, or why not
mod document;
mod moment;
mod view;

pub use document::{RoundDocument, ScheduleDocument, ThisPoll, schema};
pub use moment::Moment;
pub use view::{EntryState, ScheduleId, ScheduleView};
