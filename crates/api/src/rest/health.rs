//! Whether the service can do its work.

use axum::{Json, extract::State};

use crate::{problem::Problem, state::ApiState, wire::HealthAnswer};

/// How the service is: prover, proving keys, accounts, database
#[utoipa::path(get, path = "/v1/health/check", tag = "health", operation_id = "health",
    responses((status = 200, description = "How everything is; what is unwell says so", body = HealthAnswer)))]
pub(super) async fn check(State(api): State<ApiState>) -> Result<Json<HealthAnswer>, Problem> {
    Ok(Json(api.service.health().await?.into()))
}
