use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

/// The header that names a request, here and in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name a client may give its request.
const LONGEST: usize = 64;

/// Middleware that gives every request an id, in every line logged for it and in its answer, and logs the answer. Only
/// the path is logged: queries and headers may hold what is nobody's business.
pub async fn log_requests(mut request: Request, next: Next) -> Response {
    let id = given(&request).unwrap_or_else(|| Uuid::now_v7().to_string());
    let span = tracing::info_span!("request", %id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let value = HeaderValue::from_str(&id).ok();
    if let Some(value) = value.clone() {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let start = Instant::now();
    async move {
        let mut response = next.run(request).await;
        if let Some(value) = value {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let (status, millis) = (response.status().as_u16(), start.elapsed().as_millis());
        if status >= 500 {
            tracing::warn!(%method, path, status, millis, "answered");
        } else {
            tracing::debug!(%method, path, status, millis, "answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// The id a client gave, if it is one that can stand in a log.
fn given(request: &Request) -> Option<String> {
    let text = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_plain && !text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn an_id_that_could_forge_a_line_of_the_log_is_not_taken() {
        let named = |id: &str| {
            let request = Request::builder()
                .header("x-request-id", id)
                .body(Body::empty())
                .unwrap();
            given(&request)
        };
        assert_eq!(named("a-b_c.1"), Some("a-b_c.1".to_owned()));
        for id in ["", "a b", "a\"b", &"x".repeat(65)] {
            assert_eq!(named(id), None, "{id}");
        }
    }
}
