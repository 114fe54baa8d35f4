//! A poll's whole result under one root, and what is known of published content.

use axum::{Json, extract::State, http::StatusCode};
use bytes::Bytes;

use super::extract::{Operator, PollPath, WordPath};
use super::polls::PollParams;
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{ContentAnswer, PublicationAnswer},
};

/// Where everything a poll's result rests on is published
///
/// `maci-coordinator verify --from <root>` checks the whole round from it and the chain.
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/publication", tag = "polls", operation_id = "publication",
    params(PollParams),
    extensions(("x-refuses" = json!([404]))),
    responses((status = 200, description = "Its root, and who keeps it", body = PublicationAnswer)))]
pub(super) async fn show(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<PublicationAnswer>, Problem> {
    Ok(Json(api.service.publication(poll).await?.into()))
}

/// Publish everything a final poll's result rests on; polls that are followed are published by themselves
#[utoipa::path(post, path = "/v1/polls/{chain}/{maci}/{poll}/publication", tag = "polls", operation_id = "publish",
    params(PollParams),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 201, description = "Its root, and who keeps it", body = PublicationAnswer)))]
pub(super) async fn publish(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<(StatusCode, Json<PublicationAnswer>), Problem> {
    let view = api.service.publish(&actor, poll).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// What is known of something this service published, and who else keeps it
#[utoipa::path(get, path = "/v1/content/{cid}", tag = "content", operation_id = "contentState",
    params(("cid" = String, Path, description = "The content identifier")),
    extensions(("x-refuses" = json!([404]))),
    responses((status = 200, description = "Who keeps it", body = ContentAnswer)))]
pub(super) async fn content(
    State(api): State<ApiState>,
    WordPath(cid): WordPath,
) -> Result<Json<ContentAnswer>, Problem> {
    let cid = cid
        .parse()
        .map_err(|error| Problem::invalid(vec![format!("cid is no content identifier: {error}")]))?;
    Ok(Json(api.service.content(&cid).await?.into()))
}

/// Publish again a batch of relayed messages that somebody has kept
///
/// The body is the batch's file as it is, byte for byte; its identifier follows from it.
#[utoipa::path(post, path = "/v1/content/batches", tag = "content", operation_id = "importBatch",
    request_body(content = serde_json::Value, content_type = "application/json"),
    extensions(("x-role" = json!("operator"))),
    responses((status = 201, description = "It is published", body = ContentAnswer)))]
pub(super) async fn import(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    body: Bytes,
) -> Result<(StatusCode, Json<ContentAnswer>), Problem> {
    let published = api.service.import_batch(&actor, body).await?;
    Ok((StatusCode::CREATED, Json(published.into())))
}
