use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use maci_coordinator_core::access::AuditChain;
use maci_coordinator_core::actor::Role;

use super::wire::{AuditAnswer, AuditQuery};
use crate::auth::{Authenticator, Caller, Door, Refusal};
use crate::problem::Problem;

/// Who did what with which result, the newest first
#[utoipa::path(get, path = "/v1/audit", tag = "auth", operation_id = "audit", params(AuditQuery),
    extensions(("x-role" = json!("admin"))),
    responses((status = 200, description = "Entries", body = AuditAnswer)))]
pub(super) async fn list(
    Extension(door): Extension<Door>,
    caller: Caller,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<AuditAnswer>, Response> {
    caller.at_least(Role::Admin).map_err(Refusal::into_response)?;
    let Query(query) = query.map_err(|error| Problem::invalid(vec![error.body_text()]).into_response())?;
    if !(1..=1000).contains(&query.limit) || query.before.is_some_and(|before| before < 1) {
        let texts = vec!["limit must be 1 to 1000, and before at least 1".to_owned()];
        return Err(Problem::invalid(texts).into_response());
    }
    let answer = read(door.authenticator(), &query).await;
    answer.map(Json).map_err(|refusal| refusal.into_response())
}

async fn read(door: &Authenticator, query: &AuditQuery) -> Result<AuditAnswer, Refusal> {
    let rows = door.access().recorded(query.before, query.limit).await?;
    let chain = if query.check {
        Some(door.access().check_record().await?)
    } else {
        None
    };
    let broken_at = match chain {
        Some(AuditChain::Broken { number }) => Some(number),
        Some(AuditChain::Whole { .. }) | None => None,
    };
    Ok(AuditAnswer {
        entries: rows.into_iter().map(Into::into).collect(),
        whole: chain.map(|_| broken_at.is_none()),
        broken_at,
    })
}
