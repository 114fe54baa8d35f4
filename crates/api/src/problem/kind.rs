//! The refusals this crate itself makes, before anything reaches the service.

use axum::http::StatusCode;

use super::{Message, Problem};

impl Problem {
    /// A request that does not say what it should; one text per field, each starting with the field's path.
    #[must_use]
    pub fn invalid(texts: Vec<String>) -> Self {
        let text = texts.join("; ");
        Self {
            message: Message::Many(texts),
            label: Some("Bad Request"),
            ..Self::new(StatusCode::BAD_REQUEST, "VALIDATION_FAILED", text)
        }
    }

    /// A caller who is nobody or may not do this, in the words of the guard existing clients know.
    #[must_use]
    pub fn forbidden(why: impl Into<String>) -> Self {
        Self {
            message: Message::One("Forbidden resource".to_owned()),
            label: Some("Forbidden"),
            ..Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", why)
        }
    }

    /// Credentials that are missing or prove nothing.
    #[must_use]
    pub fn unauthorised(why: impl Into<String>) -> Self {
        Self {
            message: Message::One("Unauthorized".to_owned()),
            label: Some("Unauthorized"),
            ..Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORISED", why)
        }
    }

    /// No route has this path.
    #[must_use]
    pub fn no_route(method: &str, path: &str) -> Self {
        Self {
            label: Some("Not Found"),
            ..Self::new(
                StatusCode::NOT_FOUND,
                "NO_SUCH_ROUTE",
                format!("Cannot {method} {path}"),
            )
        }
        .with_remedy("GET /api-json lists every route")
    }

    /// The path exists, the method does not.
    #[must_use]
    pub fn method_not_allowed(method: &str, path: &str) -> Self {
        Self {
            label: Some("Method Not Allowed"),
            ..Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                format!("{path} does not answer to {method}"),
            )
        }
        .with_remedy("the Allow header names the methods it answers to")
    }

    /// A body longer than this route takes.
    #[must_use]
    pub fn too_large() -> Self {
        Self {
            label: Some("Payload Too Large"),
            ..Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "the request's body is longer than this service takes",
            )
        }
    }

    /// A body in another language than JSON.
    #[must_use]
    pub fn unsupported_media_type(found: &str) -> Self {
        Self {
            label: Some("Unsupported Media Type"),
            ..Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                format!("the request's body is `{}`", found.chars().take(80).collect::<String>()),
            )
        }
        .with_remedy("send JSON with Content-Type: application/json")
    }

    /// Nothing has this id.
    #[must_use]
    pub fn not_found(name: &'static str, text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, name, text)
    }

    /// An idempotency key that was used for another request.
    #[must_use]
    pub fn key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "IDEMPOTENCY_KEY_REUSED",
            "this Idempotency-Key was sent before with another request",
        )
        .with_remedy("use a new key for a new request")
    }

    /// Too many requests from one caller.
    #[must_use]
    pub fn too_many(seconds: u64) -> Self {
        Self {
            label: Some("Too Many Requests"),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_REQUESTS",
                "too many requests from this caller",
            )
        }
        .with_remedy("wait for as long as the Retry-After header says")
        .with_retry_after(seconds)
    }

    /// Something of ours failed; what exactly is in the log, under the request's id.
    #[must_use]
    pub fn internal() -> Self {
        Self {
            message: Message::One("Internal server error".to_owned()),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "the service failed on this request",
            )
        }
        .with_remedy("look the request's id up in the service's log")
    }
}
