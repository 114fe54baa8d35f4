use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event as Told, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};
use maci_coordinator_core::events::Event;

use super::query::WhichEvents;
use crate::{
    problem::Problem,
    rest::{Query, Viewer},
    state::ApiState,
    wire::EventAnswer,
};

/// Nothing is said for so long before a comment keeps the connection open.
const SILENCE: Duration = Duration::from_secs(15);

/// What happens, as it happens
///
/// The stream stays open. Each event's id is its cursor: with `Last-Event-ID` or `after` nothing is missed and nothing comes
/// twice.
#[utoipa::path(get, path = "/v1/events", tag = "events", operation_id = "events", params(WhichEvents),
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "Server-sent events; the data of each is an EventAnswer",
        body = EventAnswer, content_type = "text/event-stream")))]
pub(super) async fn follow(
    _: Viewer,
    State(api): State<ApiState>,
    Query(which): Query<WhichEvents>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Told, Infallible>>>, Problem> {
    let (after, filter) = which.read(&headers)?;
    let events = api.service.subscribe(after, filter);
    Ok(Sse::new(events.map(|event| Ok(told(event)))).keep_alive(KeepAlive::new().interval(SILENCE)))
}

fn told(event: Event) -> Told {
    let (id, kind) = (event.cursor.to_string(), event.kind.name());
    let data = serde_json::to_string(&EventAnswer::from(event)).unwrap_or_default();
    Told::default().id(id).event(kind).data(data)
}
