use axum::{
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use bytes::Bytes;
use maci_coordinator_core::networks;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    problem::Problem,
    state::ApiState,
    wire::{self, FromFields},
};

/// A JSON body that is what the route asks for.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: FromFields> FromRequest<ApiState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &ApiState) -> Result<Self, Problem> {
        let mut value = value(request, api).await?;
        number_own_chains(api, &mut value);
        wire::read(&value).map(Self).map_err(Problem::invalid)
    }
}

/// Puts a chain's number in the place of a name that it has in this service's settings alone.
fn number_own_chains(api: &ApiState, body: &mut Value) {
    for field in ["chain", "network"] {
        let name = body.get(field).and_then(Value::as_str);
        let own = name.filter(|name| networks::chain_named(name).is_none());
        let chain = own.and_then(|name| api.service.chain(name).ok());
        if let (Some(chain), Some(fields)) = (chain, body.as_object_mut()) {
            fields.insert(field.to_owned(), chain.0.into());
        }
    }
}

/// A JSON body that is a document of the service's own, with a published schema.
#[derive(Debug)]
pub(crate) struct Document<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Document<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let value = value(request, state).await?;
        let refuse = |error: serde_json::Error| Problem::invalid(vec![format!("the document is refused: {error}")]);
        serde_json::from_value(value).map(Self).map_err(refuse)
    }
}

/// A request's JSON, for a route whose body may be missing; no body is an empty object.
///
/// # Errors
/// When it is not JSON.
pub(crate) async fn json_of<S: Send + Sync>(request: Request, state: &S) -> Result<Value, Problem> {
    value(request, state).await
}

async fn value<S: Send + Sync>(request: Request, state: &S) -> Result<Value, Problem> {
    expect_json(request.headers())?;
    let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
    read_json(&bytes)
}

/// Reads JSON. No body is an empty object, so that its missing fields are named.
///
/// # Errors
/// When it is not JSON, or nested deeper than any body of ours.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    // The reader itself refuses to go deeper than 128 levels.
    serde_json::from_slice(bytes).map_err(|error| Problem::invalid(vec![format!("the body is not JSON: {error}")]))
}

fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let kind = String::from_utf8_lossy(kind.as_bytes());
    let name = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if name == "application/json" || (name.starts_with("application/") && name.ends_with("+json")) {
        Ok(())
    } else {
        Err(Problem::unsupported_media_type(&kind))
    }
}

fn unread(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::invalid(vec!["the body did not arrive whole".to_owned()]),
    }
}
