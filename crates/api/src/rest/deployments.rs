//! Whole deployments from one document: what they would do and cost, and doing it.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use maci_coordinator_core::deploy::{self, Description};
use serde_json::Value;

use super::{
    deploy::DryRun,
    extract::{Document, Operator, Query, Work},
};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{JobAnswer, PlanAnswer},
};

/// What a deployment would do and cost; nothing is sent
#[utoipa::path(post, path = "/v1/deploy/plan", tag = "deploy", operation_id = "planDeployment",
    request_body(content = Object, description = "A description; its schema is at /schemas/deployment.json"),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 200, description = "The plan", body = PlanAnswer)))]
pub(super) async fn plan(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Document(document): Document<Value>,
) -> Result<Json<PlanAnswer>, Problem> {
    let plan = api.service.plan_deployment(&actor, read(&document)?).await?;
    Ok(Json(plan.into()))
}

/// Bring a deployment about; asked again, it goes on where it was and does nothing twice
#[utoipa::path(post, path = "/v1/deploy/apply", tag = "deploy", operation_id = "applyDeployment", params(DryRun),
    request_body(content = Object, description = "A description; its schema is at /schemas/deployment.json"),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 200, description = "The plan, if only that was asked for", body = PlanAnswer),
        (status = 201, description = "What is there now: MACI and its polls", body = Object),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn apply(
    Operator(actor): Operator,
    work: Work,
    Query(dry): Query<DryRun>,
    Document(document): Document<Value>,
) -> Result<Response, Problem> {
    let (service, description) = (work.service.clone(), read(&document)?);
    if dry.is_wanted()? {
        let plan = service.plan_deployment(&actor, description).await?;
        return Ok(Json(PlanAnswer::from(plan)).into_response());
    }
    work.run(service.apply_deployment(&actor, description), |result| result)
        .await
}

/// The JSON schema of deployments
#[utoipa::path(get, path = "/schemas/deployment.json", tag = "deploy", operation_id = "deploymentSchema",
    responses((status = 200, description = "A JSON schema", body = Object)))]
pub(super) async fn schema() -> Json<Value> {
    Json(deploy::schema())
}

fn read(document: &Value) -> Result<Description, Problem> {
    let read = Description::read(document);
    read.map_err(|complaints| Problem::invalid(complaints.iter().map(ToString::to_string).collect()))
}
