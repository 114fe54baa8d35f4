use axum::{Router, body::Body, http::Request, middleware, routing::get};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;

async fn answer(accept: &str, problem: Problem) -> (StatusCode, String, Value) {
    let refuse = get(move || async move { problem });
    let app: Router = Router::new().route("/", refuse).layer(middleware::from_fn(negotiate));
    let request = Request::get("/").header("accept", accept).body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, kind, serde_json::from_slice(&bytes).unwrap())
}

#[tokio::test]
async fn a_validation_error_has_the_frameworks_shape() {
    let problem = Problem::invalid(vec!["poll must not be less than 0".to_owned()]);
    let (status, kind, body) = answer("*/*", problem).await;
    assert_eq!((status.as_u16(), kind.as_str()), (400, "application/json"));
    assert_eq!(body["statusCode"], 400);
    assert_eq!(body["message"], json!(["poll must not be less than 0"]));
    assert_eq!(body["error"], "Bad Request");
    assert_eq!(body["name"], "VALIDATION_FAILED");
}

#[tokio::test]
async fn a_refused_caller_reads_the_guards_words() {
    let (_, _, body) = answer("application/json", Problem::forbidden("no credentials")).await;
    assert_eq!(body["statusCode"], 403);
    assert_eq!(body["message"], "Forbidden resource");
    assert_eq!(body["error"], "Forbidden");
    assert_eq!(body["text"], "no credentials");
}

#[tokio::test]
async fn an_error_number_takes_the_place_of_the_message() {
    let problem = Problem::new(StatusCode::NOT_FOUND, "POLL_NOT_FOUND", "no poll 7").with_code(2);
    let (status, _, body) = answer("*/*", problem).await;
    assert_eq!(status.as_u16(), 404);
    assert_eq!(body["message"], "2");
    assert_eq!(body["text"], "no poll 7");
    assert_eq!(body["type"], "urn:maci-coordinator:problem:poll-not-found");
}

#[tokio::test]
async fn problem_details_are_sent_to_those_who_accept_them() {
    let problem = Problem::too_many(7);
    let (status, kind, body) = answer("application/json;q=0.5, application/problem+json", problem.clone()).await;
    assert_eq!((status.as_u16(), kind.as_str()), (429, PROBLEM_JSON));
    assert_eq!(body["title"], "Too many requests");
    assert_eq!(body["status"], 429);
    let (_, kind, _) = answer("application/problem+json;q=0, */*", problem).await;
    assert_eq!(kind, "application/json");
}
