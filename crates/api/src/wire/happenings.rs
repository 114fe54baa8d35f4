//! Events, as they are told.

use maci_coordinator_core::events::Event;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    polls::PollRefAnswer,
    scalars::{EventKindName, IdText, Moment},
};

/// Something that happened: the data of a server-sent event, whose id is the cursor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventAnswer {
    /// Its place in the log; send it as `after` or `Last-Event-ID` to go on behind it.
    pub cursor: i64,
    /// When.
    #[schema(value_type = Moment)]
    pub at: i64,
    /// What kind of thing.
    #[schema(value_type = EventKindName)]
    pub kind: String,
    /// To which poll.
    pub poll: Option<PollRefAnswer>,
    /// In which job.
    #[schema(value_type = Option<IdText>)]
    pub job: Option<String>,
    /// What exactly, by kind.
    pub body: Value,
}

impl From<Event> for EventAnswer {
    fn from(event: Event) -> Self {
        Self {
            cursor: event.cursor.0,
            at: event.at.0,
            kind: event.kind.name().to_owned(),
            poll: event.poll.map(Into::into),
            job: event.job.map(|job| job.to_string()),
            body: event.body,
        }
    }
}
