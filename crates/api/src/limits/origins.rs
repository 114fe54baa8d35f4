use std::str::FromStr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::auth::headers;
use crate::problem::Problem;

/// How long a browser remembers what it asked before a request.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

/// Pages that may call from a browser. Requests of programs carry no origin and are not held up by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowedOrigins {
    any: bool,
    listed: Vec<HeaderValue>,
}

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no origin: write a scheme, a host and a port if it is not the usual one, such as https://vote.example.org"
)]
pub struct BadOrigin {
    /// What was given.
    pub given: String,
}

impl AllowedOrigins {
    /// Whether a page from there may call a service at this host.
    #[must_use]
    pub fn allow(&self, origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
        self.any || self.listed.contains(origin) || is_same(origin, host)
    }

    /// Hosts and ports of the listed pages: names on which people log in.
    pub fn authorities(&self) -> impl Iterator<Item = &str> {
        let texts = self.listed.iter().filter_map(|origin| origin.to_str().ok());
        texts.filter_map(|origin| origin.split_once("://").map(|(_, authority)| authority))
    }
}

/// Whether a page is the service's own.
fn is_same(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = host.and_then(|host| host.to_str().ok());
    authority.is_some_and(|(_, authority)| Some(authority) == host)
}

impl FromStr for AllowedOrigins {
    type Err = BadOrigin;

    /// Reads a list as `COORDINATOR_ALLOWED_ORIGINS` has it: separated by commas; `*` is any.
    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let mut origins = Self::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            match one {
                "*" => origins.any = true,
                one => origins.listed.push(origin(one)?),
            }
        }
        Ok(origins)
    }
}

/// An origin in the spelling browsers use.
fn origin(text: &str) -> Result<HeaderValue, BadOrigin> {
    let refuse = || BadOrigin {
        given: text.chars().take(100).collect(),
    };
    let parts = text.parse::<Uri>().map_err(|_| refuse())?.into_parts();
    let scheme = parts
        .scheme
        .filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS);
    let (Some(scheme), Some(authority)) = (scheme, parts.authority) else {
        return Err(refuse());
    };
    let path = parts.path_and_query.as_ref().map_or("/", |path| path.as_str());
    if path != "/" || authority.as_str().contains('@') {
        return Err(refuse());
    }
    HeaderValue::from_str(&format!("{scheme}://{}", spelled(&scheme, &authority))).map_err(|_| refuse())
}

/// Host and port as browsers write them: in lower case, without the scheme's own port.
fn spelled(scheme: &Scheme, authority: &Authority) -> String {
    let host = authority.host().to_ascii_lowercase();
    let usual = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    match authority.port_u16() {
        Some(port) if port != usual => format!("{host}:{port}"),
        _ => host,
    }
}

/// The layer that answers browsers' questions before a request (CORS).
pub fn cross_origin(origins: AllowedOrigins) -> CorsLayer {
    let allowed = headers::ALL.map(HeaderName::from_static);
    let more = ["idempotency-key", "prefer", "last-event-id", "x-request-id"].map(HeaderName::from_static);
    let shown = ["x-request-id", "preference-applied"].map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, parts| {
            // what is named by its hash is everybody's
            parts.uri.path().starts_with("/ipfs/") || origins.allow(origin, parts.headers.get(HOST))
        }))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([&[AUTHORIZATION, CONTENT_TYPE][..], &allowed, &more].concat())
        .expose_headers([&[LOCATION, RETRY_AFTER, WWW_AUTHENTICATE][..], &shown].concat())
        .max_age(REMEMBERED)
}

/// Refuses sockets of pages that are not allowed: there browsers do not ask first.
pub async fn refuse_foreign_sockets(State(origins): State<AllowedOrigins>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_socket = request.uri().path().starts_with("/socket.io");
    match headers.get(ORIGIN) {
        Some(origin) if is_socket && !origins.allow(origin, headers.get(HOST)) => {
            tracing::warn!(
                ?origin,
                path = request.uri().path(),
                "refused: a page of an origin that is not allowed"
            );
            Problem::forbidden("pages of this origin may not call; the operator lists the origins that may")
                .into_response()
        }
        _ => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(list: &str, origin: &'static str) -> bool {
        let origins: AllowedOrigins = list.parse().unwrap();
        origins.allow(
            &HeaderValue::from_static(origin),
            Some(&HeaderValue::from_static("coordinator.example.org")),
        )
    }

    #[test]
    fn listed_pages_and_the_services_own_may_call() {
        let list = "https://Vote.example.org:443/, http://localhost:5173";
        for origin in [
            "https://vote.example.org",
            "http://localhost:5173",
            "https://coordinator.example.org",
        ] {
            assert!(allows(list, origin), "{origin}");
        }
        for origin in [
            "http://vote.example.org",
            "https://vote.example.org.evil.example",
            "http://localhost",
            "null",
        ] {
            assert!(!allows(list, origin), "{origin}");
        }
        assert!(!allows("", "https://vote.example.org"));
        assert!(allows("*", "https://anywhere.example"));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "vote.example.org",
            "ftp://vote.example.org",
            "https://vote.example.org/page",
            "https://a@b.example",
        ] {
            assert!(text.parse::<AllowedOrigins>().is_err(), "{text}");
        }
    }
}
