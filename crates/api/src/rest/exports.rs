//! Calls for somebody's own wallet to send.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::extract::{Body, IdPath, Operator, Query, Viewer};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{ExportAnswer, ExportsAnswer, IdText, SentBody},
};

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichExports {
    /// Those that are over, too.
    all: Option<bool>,
    /// Older than this one.
    #[param(value_type = Option<IdText>)]
    before: Option<Uuid>,
}

/// Calls that somebody's own wallet is to send, the newest first
///
/// Each has the request a wallet takes; those that wait are also put together for wallets that take several at once.
#[utoipa::path(get, path = "/v1/exports", tag = "transactions", operation_id = "exports", params(WhichExports),
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The calls", body = ExportsAnswer)))]
pub(super) async fn list(
    _: Viewer,
    State(api): State<ApiState>,
    Query(which): Query<WhichExports>,
) -> Result<Json<ExportsAnswer>, Problem> {
    let all = which.all.unwrap_or(false);
    let exports = api.service.exports(!all, which.before).await?;
    Ok(Json(ExportsAnswer::of(exports)))
}

/// Say which transaction a wallet sent for exported calls
///
/// Once it is mined it is compared with each call, and one that is something else is refused with the difference.
#[utoipa::path(post, path = "/v1/exports/sent", tag = "transactions", operation_id = "exportsSent",
    request_body = SentBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409]))),
    responses((status = 201, description = "The calls", body = ExportsAnswer)))]
pub(super) async fn sent(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<SentBody>,
) -> Result<(StatusCode, Json<ExportsAnswer>), Problem> {
    let sent = api.service.exports_sent(&actor, &body.exports, body.transaction_hash);
    Ok((StatusCode::CREATED, Json(ExportsAnswer::of(sent.await?))))
}

/// Take an exported call back
#[utoipa::path(delete, path = "/v1/exports/{id}", tag = "transactions", operation_id = "withdrawExport",
    params(("id" = IdText, Path, description = "The call")),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409]))),
    responses((status = 200, description = "The call", body = ExportAnswer)))]
pub(super) async fn withdraw(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<ExportAnswer>, Problem> {
    Ok(Json(api.service.withdraw_export(&actor, id).await?.into()))
}
