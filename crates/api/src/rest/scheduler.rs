//! Finalise polls at their end, as the original service does.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::service::FinalisationRequest;

use super::{
    extract::{Body, Operator},
    session_keys::chosen_sender,
};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{PollBody, RegisterBody, Scheduled},
};

/// Finalise a poll at its end, however far ahead that is
///
/// Refused with code 28 if it is scheduled, 29 if it is tallied.
#[utoipa::path(post, path = "/v1/scheduler/register", tag = "scheduler", operation_id = "register",
    request_body = RegisterBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 412]))),
    responses((status = 201, description = "It will be finalised", body = Scheduled)))]
pub(super) async fn register(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<RegisterBody>,
) -> Result<(StatusCode, Json<Scheduled>), Problem> {
    let named = (body.sender.clone(), body.session_key_address, body.approval.as_deref());
    let sender = chosen_sender(&api.service, &actor, body.chain, named).await?;
    let request = FinalisationRequest {
        poll: body.poll(),
        deployment_block: Some(body.deployment_block_number),
        mode: Some(body.mode),
        sender,
    };
    api.service.schedule_finalisation(&actor, request).await?;
    Ok(scheduled(true))
}

/// Whether a poll will be finalised at its end
///
/// Refused with code 29 if it is tallied.
#[utoipa::path(post, path = "/v1/scheduler/status", tag = "scheduler", operation_id = "status", request_body = PollBody,
    extensions(("x-refuses" = json!([404, 409, 412]))),
    responses((status = 201, description = "Whether it will", body = Scheduled)))]
pub(super) async fn status(
    State(api): State<ApiState>,
    Body(body): Body<PollBody>,
) -> Result<(StatusCode, Json<Scheduled>), Problem> {
    let is_scheduled = api.service.finalisation_scheduled(body.poll()).await?;
    Ok(scheduled(is_scheduled))
}

/// No longer finalise a poll at its end
#[utoipa::path(post, path = "/v1/scheduler/delete", tag = "scheduler", operation_id = "unregister", request_body = PollBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 412]))),
    responses((status = 201, description = "It will not be finalised", body = Scheduled)))]
pub(super) async fn delete(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<PollBody>,
) -> Result<(StatusCode, Json<Scheduled>), Problem> {
    api.service.unschedule_finalisation(&actor, body.poll()).await?;
    Ok(scheduled(false))
}

fn scheduled(is_scheduled: bool) -> (StatusCode, Json<Scheduled>) {
    (StatusCode::CREATED, Json(Scheduled { is_scheduled }))
}
