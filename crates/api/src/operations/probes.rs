use axum::extract::State;
use axum::http::StatusCode;
use axum::{Json, Router, routing::get};
use maci_coordinator_core::service::Service;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the service lives, or may be sent work.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProbeAnswer {
    /// `true`, or the status code says otherwise.
    pub ok: bool,
    /// Whether the service is stopping.
    pub draining: bool,
}

/// `/v1/health/live` and `/v1/health/ready`. Neither asks a chain: a provider that is down is no reason to restart this
/// process or to keep its clients away.
pub fn probe_routes(service: Service) -> Router {
    Router::new()
        .route("/v1/health/live", get(live))
        .route("/v1/health/ready", get(ready))
        .with_state(service)
}

/// Whether the service lives: it answers, so it does
#[utoipa::path(get, path = "/v1/health/live", tag = "health", operation_id = "live",
    responses((status = 200, description = "It lives", body = ProbeAnswer)))]
pub(super) async fn live(State(service): State<Service>) -> Json<ProbeAnswer> {
    Json(ProbeAnswer {
        ok: true,
        draining: service.is_draining(),
    })
}

/// Whether the service may be sent work: until it is told to stop
#[utoipa::path(get, path = "/v1/health/ready", tag = "health", operation_id = "ready",
    responses(
        (status = 200, description = "It takes work", body = ProbeAnswer),
        (status = 503, description = "It is stopping", body = ProbeAnswer),
    ))]
pub(super) async fn ready(State(service): State<Service>) -> (StatusCode, Json<ProbeAnswer>) {
    let draining = service.is_draining();
    let status = if draining {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    (
        status,
        Json(ProbeAnswer {
            ok: !draining,
            draining,
        }),
    )
}
