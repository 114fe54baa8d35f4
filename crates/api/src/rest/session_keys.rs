//! Session keys: made here, approved by the owners of smart accounts, never shown.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::{actor::Actor, senders::SenderChoice, service::Service};
use maci_protocol::{ChainId, EthAddress};

use super::extract::{Body, Operator};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{ApprovalBody, ExplanationAnswer, KeptAnswer, NewSessionKeyAnswer, SessionKeyBody, SessionKeysAnswer},
};

/// Make a session key; its address is for the owner of a smart account to approve
#[utoipa::path(get, path = "/v1/session-keys/generate", tag = "session-keys", operation_id = "generateSessionKey",
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([412]))),
    responses((status = 200, description = "The address", body = NewSessionKeyAnswer)))]
pub(super) async fn generate(
    Operator(actor): Operator,
    State(api): State<ApiState>,
) -> Result<Json<NewSessionKeyAnswer>, Problem> {
    let address = api.service.make_session_key(&actor).await?;
    Ok(Json(NewSessionKeyAnswer {
        session_key_address: address.to_string(),
    }))
}

/// Delete a session key for good
///
/// What its owner allowed it stays allowed on the chain until the owner takes it back there. Code 8 without such a key.
#[utoipa::path(delete, path = "/v1/session-keys/delete", tag = "session-keys", operation_id = "deleteSessionKey",
    request_body = SessionKeyBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404]))),
    responses((status = 200, description = "It is gone")))]
pub(super) async fn delete(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<SessionKeyBody>,
) -> Result<(), Problem> {
    Ok(api.service.delete_session_key(&actor, body.session_key_address).await?)
}

/// The session keys, with what they were allowed, in words
#[utoipa::path(get, path = "/v1/session-keys", tag = "session-keys", operation_id = "sessionKeys",
    extensions(("x-role" = json!("operator"))),
    responses((status = 200, description = "The keys", body = SessionKeysAnswer)))]
pub(super) async fn list(
    Operator(actor): Operator,
    State(api): State<ApiState>,
) -> Result<Json<SessionKeysAnswer>, Problem> {
    let keys = api.service.session_keys(&actor).await?;
    Ok(Json(SessionKeysAnswer {
        keys: keys.into_iter().map(Into::into).collect(),
    }))
}

/// What an approval allows, in words; nothing is kept
///
/// Refused with code 8 without such a session key, and with code 9 when the approval does not hold.
#[utoipa::path(post, path = "/v1/session-keys/approvals/explain", tag = "session-keys",
    operation_id = "explainApproval", request_body = ApprovalBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404]))),
    responses((status = 201, description = "What it allows", body = ExplanationAnswer)))]
pub(super) async fn explain(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<ApprovalBody>,
) -> Result<(StatusCode, Json<ExplanationAnswer>), Problem> {
    let ApprovalBody {
        chain,
        session_key_address: key,
        approval,
    } = body;
    let explained = api.service.explain_approval(&actor, chain, key, &approval).await?;
    Ok((StatusCode::CREATED, Json(explained.into())))
}

/// Keep what an account's owner allows a session key, in the place of what was kept for it on the chain
///
/// From then on requests can name it as their sender. Refused as the explanation is, and with code 10 on chains without a
/// way for session keys.
#[utoipa::path(post, path = "/v1/session-keys/approvals", tag = "session-keys",
    operation_id = "keepApproval", request_body = ApprovalBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404]))),
    responses((status = 201, description = "It is kept", body = KeptAnswer)))]
pub(super) async fn keep(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<ApprovalBody>,
) -> Result<(StatusCode, Json<KeptAnswer>), Problem> {
    let ApprovalBody {
        chain,
        session_key_address: key,
        approval,
    } = body;
    let (sender, explained) = api.service.keep_approval(&actor, chain, key, &approval).await?;
    let answer = KeptAnswer {
        sender: sender.to_string(),
        explanation: explained.into(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Who is to send: the sender named, else the session key named, whose approval is checked and kept if one comes with it.
///
/// # Errors
/// Codes 8, 9 and 10 for a session key that cannot be used; or when both are named, or an approval for nobody.
pub(super) async fn chosen_sender(
    service: &Service,
    actor: &Actor,
    chain: ChainId,
    named: (Option<SenderChoice>, Option<EthAddress>, Option<&str>),
) -> Result<SenderChoice, Problem> {
    let refuse = |text: &str| Err(Problem::invalid(vec![text.to_owned()]));
    match named {
        (Some(_), Some(_), _) => refuse("sender and sessionKeyAddress both say who sends; leave one of them out"),
        (_, None, Some(_)) => refuse("sessionKeyAddress must say which key the approval is for"),
        (None, Some(key), Some(approval)) => {
            let (sender, _) = service.keep_approval(actor, chain, key, approval).await?;
            Ok(sender)
        }
        (None, Some(key), None) => Ok(SenderChoice::Session(key)),
        (sender, None, None) => Ok(sender.unwrap_or_default()),
    }
}
