//! What happens, as it happens: server-sent events with a cursor to resume from.
//!
//! - `query`    where to begin and what to tell
//! - `stream`   the route

mod query;
mod stream;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::ApiState;

/// The route, with its description.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::default().routes(routes!(stream::follow))
}
