//! Who sends transactions.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::senders::SenderChoice;

use super::extract::{Admin, Viewer, WordPath};
use crate::{problem::Problem, state::ApiState, wire::SendersAnswer};

/// Who can send transactions, with addresses and balances
#[utoipa::path(get, path = "/v1/senders", tag = "transactions", operation_id = "senders",
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The senders", body = SendersAnswer)))]
pub(super) async fn list(_: Viewer, State(api): State<ApiState>) -> Result<Json<SendersAnswer>, Problem> {
    let senders = api.service.senders().await?;
    Ok(Json(SendersAnswer {
        senders: senders.into_iter().map(Into::into).collect(),
    }))
}

/// Have a sender, or a session key, sign nothing until it is let go on, also after a restart
#[utoipa::path(post, path = "/v1/senders/{name}/pause", tag = "transactions", operation_id = "pauseSender",
    params(("name" = String, Path, description = "The sender, or `session:` and a session key's address",
        min_length = 1, max_length = 50)),
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([404]))),
    responses((status = 201, description = "It is paused", body = bool)))]
pub(super) async fn pause(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    WordPath(name): WordPath,
) -> Result<(StatusCode, Json<bool>), Problem> {
    api.service.pause_sender(&actor, &named(&name)?).await?;
    Ok((StatusCode::CREATED, Json(true)))
}

/// Let a paused sender go on
#[utoipa::path(post, path = "/v1/senders/{name}/resume", tag = "transactions", operation_id = "resumeSender",
    params(("name" = String, Path, description = "The sender, or `session:` and a session key's address",
        min_length = 1, max_length = 50)),
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([404]))),
    responses((status = 201, description = "It goes on", body = bool)))]
pub(super) async fn resume(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    WordPath(name): WordPath,
) -> Result<(StatusCode, Json<bool>), Problem> {
    api.service.resume_sender(&actor, &named(&name)?).await?;
    Ok((StatusCode::CREATED, Json(true)))
}

fn named(text: &str) -> Result<SenderChoice, Problem> {
    text.parse()
        .map_err(|error| Problem::invalid(vec![format!("name is refused: {error}")]))
}
