//! How often one caller may call, and from which pages.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use maci_api::limits::{LimitSettings, Rate};

use crate::venue::{Answer, Venue, operator, request, settings, viewer};

async fn from(venue: &Venue, client: &str, method: &str, path: &str, token: Option<&str>) -> Answer {
    let mut request = request(method, path, token).body(Body::empty()).unwrap();
    let peer: SocketAddr = format!("{client}:4000").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    venue.send(request).await
}

async fn with(change: impl FnOnce(&mut LimitSettings)) -> Venue {
    let mut limits = LimitSettings::default();
    change(&mut limits);
    Venue::with(settings(), limits).await
}

#[tokio::test]
async fn a_client_that_reads_too_often_waits_and_others_do_not() {
    let venue = with(|limits| limits.reading = Rate::a_minute(2)).await;
    for _ in 0..2 {
        let answer = from(&venue, "192.0.2.1", "GET", "/v1/polls", None).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
    let answer = from(&venue, "192.0.2.1", "GET", "/v1/polls", None).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    let other = from(&venue, "192.0.2.2", "GET", "/v1/polls", None).await;
    assert_eq!(other.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn an_account_has_one_budget_wherever_it_calls_from() {
    let venue = with(|limits| limits.acting = Rate::a_minute(2)).await;
    let token = venue.log_in(&operator()).await;
    for client in ["192.0.2.1", "192.0.2.2"] {
        let answer = from(&venue, client, "POST", "/v1/proof/merge", Some(&token)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
    let answer = from(&venue, "192.0.2.3", "POST", "/v1/proof/merge", Some(&token)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let read = from(&venue, "192.0.2.3", "GET", "/v1/polls", Some(&token)).await;
    assert_eq!(read.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn whoever_guesses_credentials_is_slowed_down_and_may_still_read() {
    let venue = with(|limits| limits.attempts = Rate::a_minute(3)).await;
    let mut seen = Vec::new();
    for guess in 0..5 {
        let token = format!("maci_{guess}");
        let answer = from(&venue, "192.0.2.1", "POST", "/v1/proof/merge", Some(&token)).await;
        seen.push(answer.status.as_u16());
    }
    assert_eq!(seen, [401, 401, 401, 429, 429]);
    let read = from(&venue, "192.0.2.1", "GET", "/v1/polls", None).await;
    assert_eq!(read.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn logins_have_a_budget_of_their_own() {
    let venue = with(|limits| limits.logins = Rate::a_minute(1)).await;
    let first = from(&venue, "192.0.2.1", "GET", "/v1/auth/nonce", None).await;
    assert_eq!(first.status, StatusCode::OK);
    let second = from(&venue, "192.0.2.1", "POST", "/v1/auth/login", None).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    let read = from(&venue, "192.0.2.1", "GET", "/v1/polls", None).await;
    assert_eq!(read.status, StatusCode::ACCEPTED);
}

fn of_page(method: &str, path: &str, origin: &str) -> Request<Body> {
    let request = request(method, path, None).header("host", "coordinator.example.org");
    request.header("origin", origin).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_browser_is_told_which_pages_may_call() {
    let venue = Venue::open().await;
    let mut asking = of_page("OPTIONS", "/v1/proof/merge", "https://vote.example.org");
    for (name, value) in [
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type,x-maci-signature",
        ),
    ] {
        asking.headers_mut().insert(name, value.parse().unwrap());
    }
    let answer = venue.send(asking).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "https://vote.example.org"
    );
    let allowed = answer.headers["access-control-allow-headers"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        allowed.contains("authorization") && allowed.contains("x-maci-signature"),
        "{allowed}"
    );

    let foreign = venue.send(of_page("GET", "/v1/polls", "https://evil.example")).await;
    assert!(!foreign.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn sockets_of_foreign_pages_are_refused() {
    let venue = Venue::open().await;
    let path = "/socket.io/?EIO=4&transport=websocket";
    for (origin, status) in [
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("https://vote.example.org", StatusCode::ACCEPTED),
        ("https://coordinator.example.org", StatusCode::ACCEPTED),
    ] {
        assert_eq!(
            venue.send(of_page("GET", path, origin)).await.status,
            status,
            "{origin}"
        );
    }
    assert_eq!(venue.call("GET", path, None).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let venue = Venue::open().await;
    let token = venue.log_in(&viewer()).await;
    for (path, token) in [
        ("/v1/polls", None),
        ("/v1/auth/me", Some(token.as_str())),
        ("/v1/auth/me", None),
    ] {
        let answer = venue.call("GET", path, token).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["x-frame-options"], "DENY");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers.contains_key("content-security-policy"));
    }
}
