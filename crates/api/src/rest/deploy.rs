//! Deploy MACI and polls, as the original service does.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use maci_coordinator_core::service::{DeployMaciRequest, DeployPollRequest};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::{
    extract::{Body, Operator, Query, Work},
    session_keys::chosen_sender,
};
use crate::{
    problem::Problem,
    wire::{DeployMaciBody, DeployPollBody, JobAnswer, MaciAddress, PlanAnswer, PollNumber},
};

/// Whether only the plan is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct DryRun {
    /// `true` answers with the plan, and sends nothing.
    #[param(value_type = Option<bool>)]
    dry_run: Option<String>,
}

impl DryRun {
    /// Whether it is.
    pub(super) fn is_wanted(&self) -> Result<bool, Problem> {
        match self.dry_run.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Problem::invalid(vec!["dryRun must be true or false".to_owned()])),
        }
    }
}

/// Deploy MACI with its verifier, registry and verifying keys
#[utoipa::path(post, path = "/v1/deploy/maci", tag = "deploy", operation_id = "deployMaci", params(DryRun),
    request_body = DeployMaciBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 200, description = "The plan, if only that was asked for", body = PlanAnswer),
        (status = 201, description = "Deployed", body = MaciAddress),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn maci(
    Operator(actor): Operator,
    work: Work,
    Query(dry): Query<DryRun>,
    Body(body): Body<DeployMaciBody>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let named = (body.sender, body.session_key_address, body.approval.as_deref());
    let sender = chosen_sender(&service, &actor, body.chain, named).await?;
    let request = DeployMaciRequest {
        chain: body.chain,
        config: body.config.into(),
        sender,
    };
    if dry.is_wanted()? {
        let plan = service.plan_maci(&actor, request).await?;
        return Ok(Json(PlanAnswer::from(plan)).into_response());
    }
    let shape = |result: Value| json!({ "address": result.get("address") });
    work.run(service.deploy_maci(&actor, request), shape).await
}

/// Deploy a poll of the latest MACI that was deployed here on the chain, and follow it
#[utoipa::path(post, path = "/v1/deploy/poll", tag = "deploy", operation_id = "deployPoll", params(DryRun),
    request_body = DeployPollBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 200, description = "The plan, if only that was asked for", body = PlanAnswer),
        (status = 201, description = "Deployed", body = PollNumber),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn poll(
    Operator(actor): Operator,
    work: Work,
    Query(dry): Query<DryRun>,
    Body(body): Body<DeployPollBody>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let named = (body.sender, body.session_key_address, body.approval.as_deref());
    let sender = chosen_sender(&service, &actor, body.chain, named).await?;
    let request = DeployPollRequest {
        chain: body.chain,
        config: body.config.into(),
        key: None,
        sender,
    };
    if dry.is_wanted()? {
        let plan = service.plan_poll(&actor, request).await?;
        return Ok(Json(PlanAnswer::from(plan)).into_response());
    }
    let shape = |result: Value| json!({ "pollId": result.get("pollId") });
    work.run(service.deploy_poll(&actor, request), shape).await
}
