//! Delegated keys. They are not built yet, and say so.

use axum::http::StatusCode;

use super::{
    extract::{Body, Operator},
    proof::unknown_session_key,
};
use crate::{problem::Problem, wire::SessionKeyBody};

/// Make a delegated key; not built yet
#[utoipa::path(get, path = "/v1/session-keys/generate", tag = "session-keys", operation_id = "generateSessionKey",
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([501]))),
    responses())]
pub(super) async fn generate(_operator: Operator) -> Problem {
    Problem::new(
        StatusCode::NOT_IMPLEMENTED,
        "SESSION_KEYS_NOT_BUILT",
        "this version makes no session keys",
    )
    .with_remedy("leave sessionKeyAddress and approval out of requests: the service's own key pays")
}

/// Forget a delegated key; there are none yet, so none is found (code 8)
#[utoipa::path(delete, path = "/v1/session-keys/delete", tag = "session-keys", operation_id = "deleteSessionKey",
    request_body = SessionKeyBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404]))),
    responses())]
pub(super) async fn delete(_operator: Operator, Body(body): Body<SessionKeyBody>) -> Problem {
    unknown_session_key(body.session_key_address)
}
