use axum::extract::FromRequestParts;
use maci_coordinator_core::actor::{Actor, Role};
use serde_json::Value;
use socketioxide::extract::SocketRef;

use crate::{caller::Caller, problem::Problem};

/// Who is at the other end: by the handshake's headers, or by its `auth` payload.
pub(super) async fn of(socket: &SocketRef, _auth: Option<&Value>) -> Result<Caller, Problem> {
    let mut parts = socket.req_parts().clone();
    Caller::from_request_parts(&mut parts, &())
        .await
        .map_err(|refusal| refusal.problem())
}

/// The caller, if it is an operator.
///
/// # Errors
/// In the guard's words, whatever the reason: so it was in the original service.
pub(super) fn operator(caller: &Result<Caller, Problem>) -> Result<Actor, Problem> {
    let caller = caller.as_ref().map_err(|problem| Problem::forbidden(problem.text()))?;
    caller
        .at_least(Role::Operator)
        .map_err(|refusal| Problem::forbidden(refusal.problem().text()))?;
    Ok(caller.actor().clone())
}
