//! Whether the service can do its work.

use axum::{Extension, Json, extract::State};

use crate::{auth::Door, problem::Problem, state::ApiState, wire::HealthAnswer};

/// How the service is: prover, proving keys, accounts, database
#[utoipa::path(get, path = "/v1/health/check", tag = "health", operation_id = "health",
    responses((status = 200, description = "How everything is; what is unwell says so", body = HealthAnswer)))]
pub(super) async fn check(
    State(api): State<ApiState>,
    door: Option<Extension<Door>>,
) -> Result<Json<HealthAnswer>, Problem> {
    let legacy_logins = door.is_some_and(|Extension(door)| door.authenticator().takes_legacy_headers());
    Ok(Json(HealthAnswer {
        legacy_logins,
        ..api.service.health().await?.into()
    }))
}
