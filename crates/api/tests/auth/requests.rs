//! Signed requests: each is good once, for what it says, for a few minutes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use maci_api::auth::headers;
use maci_coordinator_core::access::SignedRequest;
use maci_testkit::Wallet;

use crate::venue::{SERVICE, Venue, operator, request, settings, stranger};

const BODY: &[u8] = b"{\"pollId\":0}";
const NONCE: &str = "0123456789abcdef";

fn right(venue: &Venue) -> SignedRequest<'static> {
    SignedRequest {
        service: SERVICE,
        method: "POST",
        path: "/v1/proof/merge?really=1",
        body: BODY,
        nonce: NONCE,
        expires: venue.now().unix_seconds() + 60,
    }
}

/// The request that is always sent, with headers that say what was signed.
fn with_headers(signed: &SignedRequest<'_>, signer: &Wallet, claimed: &Wallet) -> Request<Body> {
    request("POST", "/v1/proof/merge?really=1", None)
        .header(headers::ADDRESS, claimed.address())
        .header(headers::NONCE, signed.nonce)
        .header(headers::EXPIRES, signed.expires.to_string())
        .header(headers::SIGNATURE, signer.sign_digest(&signed.digest()).unwrap())
        .body(Body::from(BODY))
        .unwrap()
}

async fn status(venue: &Venue, signed: SignedRequest<'_>) -> StatusCode {
    venue.send(with_headers(&signed, &operator(), &operator())).await.status
}

#[tokio::test]
async fn a_signed_request_passes_once_with_its_body() {
    let venue = Venue::open().await;
    let answer = venue.send(with_headers(&right(&venue), &operator(), &operator())).await;
    assert_eq!(
        (answer.status, &answer.body["pollId"]),
        (StatusCode::ACCEPTED, &0.into())
    );
    assert_eq!(status(&venue, right(&venue)).await, StatusCode::UNAUTHORIZED);
    let venue = venue.restarted(settings()).await;
    assert_eq!(status(&venue, right(&venue)).await, StatusCode::UNAUTHORIZED);
    let other = SignedRequest {
        nonce: "fedcba9876543210",
        ..right(&venue)
    };
    assert_eq!(status(&venue, other).await, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_signature_of_anything_else_is_refused() {
    let venue = Venue::open().await;
    let right = right(&venue);
    for (what, other) in [
        (
            "another service",
            SignedRequest {
                service: "other.example.org",
                ..right
            },
        ),
        ("another method", SignedRequest { method: "PUT", ..right }),
        (
            "another path",
            SignedRequest {
                path: "/v1/proof/merge",
                ..right
            },
        ),
        (
            "another body",
            SignedRequest {
                body: b"{\"pollId\":1}",
                ..right
            },
        ),
    ] {
        assert_eq!(status(&venue, other).await, StatusCode::UNAUTHORIZED, "{what}");
    }
    // none of it used the nonce up
    assert_eq!(status(&venue, right).await, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_request_that_expired_or_expires_too_late_is_refused() {
    let venue = Venue::open().await;
    let now = venue.now().unix_seconds();
    for expires in [0, now - 1, now, now + 301, u64::MAX] {
        let other = SignedRequest {
            expires,
            ..right(&venue)
        };
        assert_eq!(status(&venue, other).await, StatusCode::UNAUTHORIZED, "{expires}");
    }
    let last = SignedRequest {
        expires: now + 300,
        ..right(&venue)
    };
    assert_eq!(status(&venue, last).await, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn an_account_cannot_sign_for_another() {
    let venue = Venue::open().await;
    for (signer, claimed) in [(stranger(), operator()), (operator(), stranger())] {
        let answer = venue.send(with_headers(&right(&venue), &signer, &claimed)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = venue.send(with_headers(&right(&venue), &stranger(), &stranger())).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn headers_that_are_missing_doubled_or_odd_are_refused() {
    let venue = Venue::open().await;
    for name in headers::ALL {
        let mut missing = with_headers(&right(&venue), &operator(), &operator());
        missing.headers_mut().remove(name);
        assert_eq!(venue.send(missing).await.status, StatusCode::UNAUTHORIZED, "no {name}");
        let mut doubled = with_headers(&right(&venue), &operator(), &operator());
        let value = doubled.headers()[name].clone();
        doubled.headers_mut().append(name, value);
        assert_eq!(
            venue.send(doubled).await.status,
            StatusCode::UNAUTHORIZED,
            "two of {name}"
        );
        let mut odd = with_headers(&right(&venue), &operator(), &operator());
        odd.headers_mut().insert(name, "+1 é".parse().unwrap());
        assert_eq!(venue.send(odd).await.status, StatusCode::UNAUTHORIZED, "an odd {name}");
    }
    let mut both = with_headers(&right(&venue), &operator(), &operator());
    both.headers_mut()
        .insert("authorization", "Bearer maci_00".parse().unwrap());
    assert_eq!(venue.send(both).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_not_read() {
    let venue = Venue::open().await;
    let mut request = with_headers(&right(&venue), &operator(), &operator());
    *request.body_mut() = Body::from(vec![b' '; 64 * 1024 + 1]);
    assert_eq!(venue.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
