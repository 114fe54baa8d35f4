//! Everything that answers, put together.

use axum::{Router, extract::DefaultBodyLimit, middleware};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{auth, events, gateway, openapi, operations, problem::negotiate, rest, socketio, state::ApiState};

/// The longest body a route takes, in bytes. Deployments are a few kilobytes, a backup of many keys some hundreds.
const LONGEST_BODY: usize = 1024 * 1024;

/// Every route over this state.
///
/// Who is calling is for the door in front of it; without one nobody is known, and only what is public answers.
pub fn router(state: ApiState) -> Router {
    let (routes, described) = described().split_for_parts();
    let routes = routes
        .merge(openapi::serve(openapi::finish(&described)))
        .fallback(rest::no_route)
        .method_not_allowed_fallback(rest::no_method)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn_with_state(state.clone(), rest::once))
        .layer(socketio::layer(state.clone()))
        .layer(middleware::from_fn(negotiate));
    routes.with_state(state)
}

/// The OpenAPI document, as it is served at `/api-json`.
#[must_use]
pub fn document() -> Value {
    openapi::finish(described().get_openapi())
}

fn described() -> OpenApiRouter<ApiState> {
    let mut base = openapi::base();
    base.merge(operations::Described::openapi());
    base.merge(gateway::Described::openapi());
    OpenApiRouter::with_openapi(base)
        .merge(rest::routes())
        .merge(events::routes())
        .merge(gateway::routes())
        .merge(auth::routes())
}
