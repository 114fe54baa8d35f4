use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use maci_coordinator_core::access::{Deed, LoginNonces};

use super::wire::{CallerAnswer, LoginAnswer, LoginBody, LogoutAnswer, NonceAnswer};
use crate::auth::{Authenticator, Caller, Door, Refusal};
use crate::problem::Problem;

/// The longest body of a login, in bytes.
const LONGEST: usize = 16 * 1024;

/// A number for one login with Ethereum, and what its message has to say
#[utoipa::path(get, path = "/v1/auth/nonce", tag = "auth", operation_id = "nonce",
    responses((status = 200, description = "The number", body = NonceAnswer)))]
pub(super) async fn nonce(Extension(door): Extension<Door>) -> Result<Json<NonceAnswer>, Refusal> {
    let nonce = door.authenticator().nonce().await?;
    Ok(Json(NonceAnswer::new(
        nonce,
        LoginNonces::LIFETIME.as_secs(),
        door.authenticator().settings(),
    )))
}

/// Log in with a signed message of EIP-4361
#[utoipa::path(post, path = "/v1/auth/login", tag = "auth", operation_id = "login", request_body = LoginBody,
    extensions(("x-refuses" = json!([401, 403]))),
    responses((status = 201, description = "The login; its token is shown once", body = LoginAnswer)))]
pub(super) async fn login(Extension(door): Extension<Door>, request: Request) -> Result<Response, Response> {
    let bytes = to_bytes(request.into_body(), LONGEST).await;
    let bytes = bytes.map_err(|_| Problem::too_large().into_response())?;
    let body: LoginBody = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::invalid(vec![format!("the body is no login: {error}")]).into_response())?;
    let (token, caller) = door
        .authenticator()
        .log_in(&body.message, &body.signature)
        .await
        .map_err(|refusal| {
            tracing::warn!(%refusal, "refused a login");
            refusal.into_response()
        })?;
    record(door.authenticator(), &caller, "login")
        .await
        .map_err(Refusal::into_response)?;
    let answer = LoginAnswer::new(token.expose(), &caller);
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// End the login whose token comes with the request
#[utoipa::path(post, path = "/v1/auth/logout", tag = "auth", operation_id = "logout",
    extensions(("x-role" = json!("viewer"))),
    responses((status = 201, description = "What became of it", body = LogoutAnswer)))]
pub(super) async fn logout(
    Extension(door): Extension<Door>,
    caller: Caller,
) -> Result<(StatusCode, Json<LogoutAnswer>), Refusal> {
    let logged_out = door.authenticator().log_out(&caller).await?;
    record(door.authenticator(), &caller, "logout").await?;
    Ok((StatusCode::CREATED, Json(LogoutAnswer { logged_out })))
}

/// Who is calling
#[utoipa::path(get, path = "/v1/auth/me", tag = "auth", operation_id = "me",
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The caller", body = CallerAnswer)))]
pub(super) async fn me(caller: Caller) -> Json<CallerAnswer> {
    Json(CallerAnswer::new(&caller))
}

async fn record(door: &Authenticator, caller: &Caller, action: &str) -> Result<(), Refusal> {
    let deed = Deed {
        action,
        target: "",
        outcome: "done",
        request: None,
    };
    Ok(door.access().record(caller.actor(), deed).await?)
}
