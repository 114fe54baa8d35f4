//! Merge, prove and submit, as the original service does.

use axum::{Json, extract::State, response::Response};
use maci_coordinator_core::{
    actor::Actor,
    service::{GenerateRequest, MergeRequest, Service, ServiceError, SubmitRequest},
};
use serde_json::json;

use super::{
    extract::{Body, Operator, Work},
    session_keys::chosen_sender,
};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{GenerateBody, GeneratedProofs, JobAnswer, PollBody, PublicKey, TallyData},
};

/// The RSA key that clients encrypt for this service with
#[utoipa::path(get, path = "/v1/proof/publicKey", tag = "proof", operation_id = "publicKey",
    responses((status = 200, description = "The key in PEM", body = PublicKey)))]
pub(super) async fn public_key(State(api): State<ApiState>) -> Result<Json<PublicKey>, Problem> {
    let public_key = api.service.access().transport().public_pem().await;
    Ok(Json(PublicKey {
        public_key: public_key.map_err(ServiceError::from)?,
    }))
}

/// Merge a closed poll's state
#[utoipa::path(post, path = "/v1/proof/merge", tag = "proof", operation_id = "merge", request_body = PollBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "Merged", body = bool),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn merge(
    Operator(actor): Operator,
    work: Work,
    Body(body): Body<PollBody>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let named = (body.sender.clone(), body.session_key_address, body.approval.as_deref());
    let sender = chosen_sender(&service, &actor, body.chain, named).await?;
    let poll = body.poll();
    let request = MergeRequest { poll, sender };
    work.run(service.merge(&actor, request), |_| json!(true)).await
}

/// Prove a merged poll's batches and make its tally, without sending anything
///
/// The same request joins the job that is at it. Progress is told at `/v1/events` and over Socket.IO.
#[utoipa::path(post, path = "/v1/proof/generate", tag = "proof", operation_id = "generate", request_body = GenerateBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "Proofs and tally", body = GeneratedProofs),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn generate(
    Operator(actor): Operator,
    work: Work,
    Body(body): Body<GenerateBody>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let request = generate_request(&service, &actor, body).await?;
    work.run(service.generate(&actor, request), |proofs| proofs).await
}

/// Put a poll's proofs and results on chain
#[utoipa::path(post, path = "/v1/proof/submit", tag = "proof", operation_id = "submit", request_body = PollBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "The tally", body = TallyData),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn submit(
    Operator(actor): Operator,
    work: Work,
    Body(body): Body<PollBody>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let named = (body.sender.clone(), body.session_key_address, body.approval.as_deref());
    let sender = chosen_sender(&service, &actor, body.chain, named).await?;
    let poll = body.poll();
    let request = SubmitRequest { poll, sender };
    work.run(service.submit(&actor, request), |tally| tally).await
}

/// What a body of `generate` asks for; the same for its event.
///
/// # Errors
/// When it names a session key that cannot be used.
pub(crate) async fn generate_request(
    service: &Service,
    actor: &Actor,
    body: GenerateBody,
) -> Result<GenerateRequest, Problem> {
    // generating sends nothing, but whoever is named has to be somebody
    let named = (body.sender.clone(), body.session_key_address, body.approval.as_deref());
    chosen_sender(service, actor, body.chain, named).await?;
    Ok(GenerateRequest {
        poll: body.poll(),
        mode: Some(body.mode),
        start_block: body.start_block,
        encrypted_key: body.encrypted_coordinator_private_key,
    })
}
