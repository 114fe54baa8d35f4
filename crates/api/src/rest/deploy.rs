//! Deploy MACI and polls, as the original service does.

use axum::response::Response;
use maci_coordinator_core::service::{DeployMaciRequest, DeployPollRequest};
use serde_json::{Value, json};

use super::{
    extract::{Body, Operator, Work},
    proof::chosen_sender,
};
use crate::{
    problem::Problem,
    wire::{DeployMaciBody, DeployPollBody, JobAnswer, MaciAddress, PollNumber},
};

/// Deploy MACI with its verifier, registry and verifying keys
///
/// Policies other than FreeForAll are not built yet: code 17.
#[utoipa::path(post, path = "/v1/deploy/maci", tag = "deploy", operation_id = "deployMaci", request_body = DeployMaciBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "Deployed", body = MaciAddress),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn maci(
    Operator(actor): Operator,
    work: Work,
    Body(body): Body<DeployMaciBody>,
) -> Result<Response, Problem> {
    let sender = chosen_sender(body.sender, body.session_key_address, body.approval.as_deref())?;
    let service = work.service.clone();
    let request = DeployMaciRequest {
        chain: body.chain,
        config: body.config.into(),
        sender,
    };
    let shape = |result: Value| json!({ "address": result.get("address") });
    work.run(service.deploy_maci(&actor, request), shape).await
}

/// Deploy a poll of the latest MACI that was deployed here on the chain, and follow it
///
/// Policies other than FreeForAll are not built yet (code 17), nor credits that are not constant (codes 15 and 16).
#[utoipa::path(post, path = "/v1/deploy/poll", tag = "deploy", operation_id = "deployPoll", request_body = DeployPollBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "Deployed", body = PollNumber),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn poll(
    Operator(actor): Operator,
    work: Work,
    Body(body): Body<DeployPollBody>,
) -> Result<Response, Problem> {
    let sender = chosen_sender(body.sender, body.session_key_address, body.approval.as_deref())?;
    let service = work.service.clone();
    let request = DeployPollRequest {
        chain: body.chain,
        config: body.config.into(),
        key: None,
        sender,
    };
    let shape = |result: Value| json!({ "pollId": result.get("pollId") });
    work.run(service.deploy_poll(&actor, request), shape).await
}
