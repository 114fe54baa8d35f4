//! What happens when, and whole rounds as one document.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::schedule::{self, ScheduleDocument, ScheduleId};
use serde_json::Value;

use super::extract::{Document, IdPath, Operator, Viewer};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{IdText, ScheduleAnswer, SchedulesAnswer},
};

/// The schedule
#[utoipa::path(get, path = "/v1/schedules", tag = "schedules", operation_id = "schedules",
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "Its entries, the newest first", body = SchedulesAnswer)))]
pub(super) async fn list(_: Viewer, State(api): State<ApiState>) -> Result<Json<SchedulesAnswer>, Problem> {
    Ok(Json(answer(api.service.schedules().await?)))
}

/// Schedule a finalisation, a deployment, or a whole round from one document
#[utoipa::path(post, path = "/v1/schedules", tag = "schedules", operation_id = "createSchedule",
    request_body(content = Object, description = "A schedule document; its schema is at /schemas/schedule.json"),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 412]))),
    responses((status = 201, description = "The entries it became", body = SchedulesAnswer)))]
pub(super) async fn create(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Document(document): Document<ScheduleDocument>,
) -> Result<(StatusCode, Json<SchedulesAnswer>), Problem> {
    let entries = api.service.create_schedule(&actor, document).await?;
    Ok((StatusCode::CREATED, Json(answer(entries))))
}

/// An entry of the schedule
#[utoipa::path(get, path = "/v1/schedules/{id}", tag = "schedules", operation_id = "schedule",
    params(("id" = IdText, Path, description = "The entry")),
    extensions(("x-role" = json!("viewer")), ("x-refuses" = json!([404]))),
    responses((status = 200, description = "The entry", body = ScheduleAnswer)))]
pub(super) async fn show(
    _: Viewer,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<ScheduleAnswer>, Problem> {
    Ok(Json(api.service.schedule(ScheduleId(id)).await?.into()))
}

/// Call an entry off; of a round, every step that has not begun
#[utoipa::path(delete, path = "/v1/schedules/{id}", tag = "schedules", operation_id = "cancelSchedule",
    params(("id" = IdText, Path, description = "The entry")),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409]))),
    responses((status = 200, description = "The entry", body = ScheduleAnswer)))]
pub(super) async fn cancel(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<ScheduleAnswer>, Problem> {
    Ok(Json(api.service.cancel_schedule(&actor, ScheduleId(id)).await?.into()))
}

/// The JSON schema of schedule documents
#[utoipa::path(get, path = "/schemas/schedule.json", tag = "schedules", operation_id = "scheduleSchema",
    responses((status = 200, description = "A JSON schema", body = Object)))]
pub(super) async fn schema() -> Json<Value> {
    Json(schedule::schema())
}

fn answer(entries: Vec<schedule::ScheduleView>) -> SchedulesAnswer {
    SchedulesAnswer {
        schedules: entries.into_iter().map(Into::into).collect(),
    }
}
