//! Whoever is at the other end of a socket.

use axum::http::Request;
use axum::http::request::Parts;
use maci_api::auth::{Guest, Refusal};
use maci_coordinator_core::access::SignedRequest;
use serde_json::{Value, json};

use crate::venue::{SERVICE, Venue, operator, viewer};

fn handshake(venue: &Venue) -> Parts {
    let (mut parts, ()) = Request::builder()
        .uri("/socket.io/?EIO=4")
        .body(())
        .unwrap()
        .into_parts();
    parts.extensions.insert(venue.door.clone());
    parts
}

async fn acts(venue: &Venue, auth: Option<Value>) -> Result<String, Refusal> {
    let guest = Guest::at(&handshake(venue), auth);
    guest.acts("start-generation").await.map(|actor| actor.name.to_string())
}

#[tokio::test]
async fn an_operator_acts_with_a_token_in_the_handshake() {
    let venue = Venue::open().await;
    let token = venue.log_in(&operator()).await;
    for auth in [
        json!({ "token": token }),
        json!({ "authorization": format!("Bearer {token}") }),
    ] {
        assert_eq!(acts(&venue, Some(auth)).await, Ok(operator().address()));
    }
}

#[tokio::test]
async fn a_handshake_can_be_signed_once() {
    let venue = Venue::open().await;
    let signed = SignedRequest {
        service: SERVICE,
        method: "GET",
        path: "/socket.io/",
        body: b"",
        nonce: "0123456789abcdef",
        expires: venue.now().unix_seconds() + 60,
    };
    let auth = json!({
        "address": operator().address(), "nonce": signed.nonce, "expires": signed.expires,
        "signature": operator().sign_digest(&signed.digest()).unwrap(),
    });
    let guest = Guest::at(&handshake(&venue), Some(auth.clone()));
    for _ in 0..2 {
        assert!(guest.acts("start-generation").await.is_ok());
    }
    assert_eq!(acts(&venue, Some(auth)).await, Err(Refusal::Replayed));
    // a connection does not outlive what a login would
    venue.advance(3_600);
    assert_eq!(guest.acts("start-generation").await.unwrap_err(), Refusal::NoSession);
}

#[tokio::test]
async fn nobody_and_viewers_do_not_act() {
    let venue = Venue::open().await;
    assert_eq!(acts(&venue, None).await, Err(Refusal::Anonymous));
    assert_eq!(acts(&venue, Some(json!("token"))).await, Err(Refusal::Anonymous));
    assert_eq!(
        acts(&venue, Some(json!({ "token": "maci_00" }))).await,
        Err(Refusal::NoSession)
    );
    let token = venue.log_in(&viewer()).await;
    let refused = acts(&venue, Some(json!({ "token": token }))).await;
    assert!(matches!(refused, Err(Refusal::TooLow { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_socket_that_outlives_its_login_does_not_act() {
    let venue = Venue::open().await;
    let token = venue.log_in(&operator()).await;
    let guest = Guest::at(&handshake(&venue), Some(json!({ "token": token })));
    assert!(guest.acts("start-generation").await.is_ok());
    venue.call("POST", "/v1/auth/logout", Some(&token)).await;
    assert_eq!(guest.acts("start-generation").await.unwrap_err(), Refusal::NoSession);
}

#[tokio::test]
async fn without_a_door_nobody_is_known() {
    let (parts, ()) = Request::builder().body(()).unwrap().into_parts();
    let guest = Guest::at(&parts, Some(json!({ "token": "maci_00" })));
    assert_eq!(guest.acts("start-generation").await.unwrap_err(), Refusal::Anonymous);
}
