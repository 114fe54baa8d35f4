//! Requests that come again under an `Idempotency-Key`: done once, answered the same.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use maci_coordinator_core::{
    jobs::JobId,
    repeats::{Answered, Repeat, RequestHash, Turn},
    service::ServiceError,
};
use sha2::{Digest, Sha256};

use super::extract::location;
use crate::{auth::Caller, problem::Problem, state::ApiState};

const KEY: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The longest body that is read to be compared; routes take less.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// A layer that gives a request's answer again when the request comes again.
///
/// It is for callers who are known and methods that change something; others pass, and so do logins and key backups,
/// of which nothing may be kept.
pub(crate) async fn once(State(api): State<ApiState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = <Caller as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await;
    let key = match key(&parts.headers) {
        Ok(Some(key)) if changes(&parts.method) && !is_secret(parts.uri.path()) => key,
        Ok(_) => return next.run(Request::from_parts(parts, body)).await,
        Err(problem) => return problem.into_response(),
    };
    let Ok(caller) = caller else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(bytes) = to_bytes(body, LONGEST_BODY).await else {
        return Problem::too_large().into_response();
    };
    let hash = hash(&parts, &bytes);
    match api.repeats.turn(caller.actor().name.as_str(), &key, hash).await {
        Ok(Turn::Do(repeat)) => {
            let repeat = Arc::new(repeat);
            parts.extensions.insert(Arc::clone(&repeat));
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            keep(repeat, response).await
        }
        Ok(Turn::Done(answered)) => again(answered),
        Ok(Turn::Other) => Problem::key_reused().into_response(),
        Err(error) => Problem::from(ServiceError::from(error)).into_response(),
    }
}

/// Stores an answer; a refusal gives the key back instead, because nothing was done.
async fn keep(repeat: Arc<Repeat>, response: Response) -> Response {
    if !response.status().is_success() {
        let given_back = repeat.give_back().await;
        return given_back.map_or_else(failed, |()| response);
    }
    let (parts, body) = response.into_parts();
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "an answer could not be read to be kept");
            return Problem::internal().into_response();
        }
    };
    let stored = repeat.answer(parts.status.as_u16(), bytes.to_vec()).await;
    stored.map_or_else(failed, |()| Response::from_parts(parts, Body::from(bytes)))
}

fn failed(error: impl Into<ServiceError>) -> Response {
    Problem::from(error.into()).into_response()
}

/// The answer a request got before.
fn again(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answered.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let (StatusCode::ACCEPTED, Some(job)) = (status, answered.job) {
        headers.insert(header::LOCATION, location(JobId(job)));
    }
    response
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all(KEY).iter();
    let (Some(key), more) = (given.next(), given.next()) else {
        return Ok(None);
    };
    let key = key.to_str().unwrap_or_default();
    let readable = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if readable && more.is_none() {
        Ok(Some(key.to_owned()))
    } else {
        let text = "Idempotency-Key must be one word of at most 100 printable ASCII characters";
        Err(Problem::invalid(vec![text.to_owned()]))
    }
}

fn changes(method: &Method) -> bool {
    *method != Method::GET && *method != Method::HEAD && *method != Method::OPTIONS
}

/// Whether a request or its answer holds what must not be kept, not even as a hash: tokens, passphrases.
fn is_secret(path: &str) -> bool {
    path.starts_with("/v1/auth/") || path.starts_with("/v1/keys/")
}

fn hash(parts: &Parts, body: &[u8]) -> RequestHash {
    let mut hash = Sha256::new();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    for part in [parts.method.as_str().as_bytes(), target.as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().into()
}
