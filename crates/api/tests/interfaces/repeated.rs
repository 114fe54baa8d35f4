//! Requests that come again under an Idempotency-Key.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::served::{Answered, Served, Who};

fn keyed(served: &Served, who: Who, key: &str, body: &Value) -> Request<Body> {
    let mut request = served.request(who, "POST", "/v1/keys", Some(body));
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    request
}

async fn create(served: &Served, key: &str, name: &str) -> Answered {
    served
        .send(keyed(served, Who::Operator, key, &json!({ "name": name })))
        .await
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer_and_is_done_once() {
    let served = Served::start().await;
    let first = create(&served, "k1", "spring").await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.text);
    let again = create(&served, "k1", "spring").await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(served.service.coordinator_keys().await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_request_under_the_key_is_refused_and_does_nothing() {
    let served = Served::start().await;
    create(&served, "k1", "spring").await;
    let other = create(&served, "k1", "autumn").await;
    assert_eq!(other.status.as_u16(), 422);
    assert_eq!(other.json()["name"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(served.service.coordinator_keys().await.unwrap().len(), 1);
    // Somebody else's key is somebody else's.
    let theirs = keyed(&served, Who::Admin, "k1", &json!({ "name": "autumn" }));
    assert_eq!(served.send(theirs).await.status.as_u16(), 201);
}

#[tokio::test]
async fn two_that_come_at_once_are_done_once() {
    let served = Served::start().await;
    let (one, two) = tokio::join!(create(&served, "k1", "spring"), create(&served, "k1", "spring"));
    assert_eq!((one.status.as_u16(), one.text), (two.status.as_u16(), two.text));
    assert_eq!(served.service.coordinator_keys().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_request_gives_its_key_back() {
    let served = Served::start().await;
    let refused = create(&served, "k1", "").await;
    assert_eq!(refused.status.as_u16(), 400);
    assert_eq!(create(&served, "k1", "spring").await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_key_that_is_no_word_is_refused() {
    let served = Served::start().await;
    for key in ["", "two words", &"x".repeat(101)] {
        assert_eq!(create(&served, key, "spring").await.status.as_u16(), 400, "{key:?}");
    }
}
