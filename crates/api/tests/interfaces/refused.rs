//! What bad input gets: one shape of refusal, and nothing done.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

use crate::served::{Served, Who};

const MACI: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

#[tokio::test]
async fn unknown_routes_and_methods_have_the_shape_of_every_refusal() {
    let served = Served::start().await;
    let unknown = served.get(Who::Nobody, "/v1/nothing").await;
    assert_eq!(unknown.status.as_u16(), 404);
    let body = unknown.json();
    assert_eq!(body["statusCode"], 404);
    assert_eq!(body["message"], "Cannot GET /v1/nothing");
    assert_eq!(body["error"], "Not Found");
    assert_eq!(body["name"], "NO_SUCH_ROUTE");

    let method = served
        .send(served.request(Who::Operator, "PATCH", "/v1/polls", None))
        .await;
    assert_eq!(method.status.as_u16(), 405);
    assert_eq!(method.json()["statusCode"], 405);
    let allowed = method.header("allow").unwrap();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
}

#[tokio::test]
async fn a_body_is_refused_for_its_kind_its_length_its_depth_and_its_form() {
    let served = Served::start().await;
    let send = async |kind: &str, body: String| {
        let request = Request::post("/v1/proof/merge")
            .header(header::AUTHORIZATION, served.authorisation(Who::Operator).unwrap())
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        served.send(request).await
    };
    let xml = send("text/xml", "<merge/>".to_owned()).await;
    assert_eq!(xml.status.as_u16(), 415);
    let long = send("application/json", format!("{{\"chain\":\"{}\"}}", "x".repeat(2 << 20))).await;
    assert_eq!(long.status.as_u16(), 413);
    let deep = send("application/json", "[".repeat(100_000)).await;
    assert_eq!(deep.status.as_u16(), 400);
    assert!(deep.text.contains("recursion limit"), "{}", deep.text);
    let broken = send("application/json", "{\"chain\": ".to_owned()).await;
    assert_eq!(broken.status.as_u16(), 400);
    assert!(broken.text.contains("not JSON"), "{}", broken.text);
    for answer in [xml, long, deep, broken] {
        assert_eq!(answer.json()["statusCode"], answer.status.as_u16());
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_in_one_answer() {
    let served = Served::start().await;
    let answer = served
        .post(
            Who::Operator,
            "/v1/proof/generate",
            &json!({ "poll": -1, "maciContractAddress": "nothing" }),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 400);
    let body = answer.json();
    assert_eq!(body["error"], "Bad Request");
    let texts = body["message"].as_array().unwrap();
    assert!(texts.contains(&json!("poll must not be less than 0")), "{texts:?}");
    assert!(texts.contains(&json!("maciContractAddress must be an Ethereum address")));
    assert_eq!(texts.len(), 4);
}

#[tokio::test]
async fn a_caller_who_may_not_is_refused_before_the_body_is_looked_at() {
    let served = Served::start().await;
    let nobody = served.post(Who::Nobody, "/v1/proof/generate", &json!({})).await;
    assert_eq!(nobody.status.as_u16(), 401);
    let viewer = served.post(Who::Viewer, "/v1/proof/generate", &json!({})).await;
    assert_eq!(viewer.status.as_u16(), 403);
    let body = viewer.json();
    assert_eq!(body["message"], "Forbidden resource");
    assert_eq!(body["error"], "Forbidden");
}

#[tokio::test]
async fn problem_details_go_to_those_who_accept_them() {
    let served = Served::start().await;
    let mut request = served.request(Who::Operator, "POST", "/v1/proof/merge", Some(&json!({})));
    request
        .headers_mut()
        .insert(header::ACCEPT, "application/problem+json".parse().unwrap());
    let answer = served.send(request).await;
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body = answer.json();
    assert_eq!(body["status"], 400);
    assert_eq!(body["type"], "urn:maci-coordinator:problem:validation-failed");
    assert!(body["errors"].is_array());
}

#[tokio::test]
async fn tricks_in_paths_name_nothing() {
    let served = Served::start().await;
    for path in [
        format!("/v1/polls/localhost/{MACI}/+1"),
        format!("/v1/polls/localhost/{MACI}/..%2f1"),
        format!("/v1/polls/localhost/{MACI}/0x1"),
        format!("/v1/polls/%00/{MACI}/1"),
        format!("/v1/polls/localhost/{}/1", MACI.replace('B', "b")),
        "/v1/jobs/..%2f..%2fetc".to_owned(),
        "/v1/jobs/7".to_owned(),
        "/v1/jobs/%ff".to_owned(),
        "/v1/tally/poll/%ff".to_owned(),
        "/v1/tally/poll/-1".to_owned(),
        "/v1/jobs?limit=0".to_owned(),
        "/v1/jobs?state=sleeping".to_owned(),
        "/v1/jobs?chain=localhost".to_owned(),
        "/v1/events?after=-1".to_owned(),
        "/v1/events?kinds=gossip".to_owned(),
    ] {
        let answer = served.get(Who::Viewer, &path).await;
        assert_eq!(answer.status.as_u16(), 400, "{path}: {}", answer.text);
        assert!(answer.json()["message"].is_array(), "{path}");
    }
}
