//! The OpenAPI document: checked in, served, and true.

use std::{env, fs, path::Path};

use serde_json::{Value, json};

use crate::served::{Served, Who};

/// Set to renew the checked-in document: `MACI_RENEW=1 cargo test -p maci-api --test interfaces described`.
const RENEW: &str = "MACI_RENEW";

/// What changes nothing although it is no GET: asking whether, and logging in, which everybody may try.
const OPEN: [(&str, &str); 4] = [
    ("post", "/v1/scheduler/status"),
    ("post", "/v1/auth/login"),
    ("post", "/v1/messages/publish"),
    ("post", "/v1/messageBatches/get"),
];

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let path = path.clone();
        let operations = item.as_object().unwrap().clone().into_iter();
        operations
            .map(move |(method, operation)| (method, path.clone(), operation))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// A path with something in its places.
fn filled(path: &str) -> String {
    path.replace("{chain}", "localhost")
        .replace("{maci}", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        .replace("{poll}", "0")
        .replace("{hash}", "7")
        .replace(
            "{id}",
            if path.contains("tally") {
                "0"
            } else {
                "0190b5a0-0000-7000-8000-000000000000"
            },
        )
        .replace("{name}", "spring")
        .replace("{cid}", "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354")
        .replace("{path}", "manifest.json")
}

#[test]
fn the_checked_in_document_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = format!("{:#}\n", maci_api::document());
    if env::var_os(RENEW).is_some() {
        fs::write(&path, &text).unwrap();
    }
    let checked_in = fs::read_to_string(&path).unwrap();
    assert!(
        checked_in == text,
        "docs/openapi.json is not what the routes say; renew it with {RENEW}=1"
    );
}

#[tokio::test]
async fn the_document_and_a_page_to_try_it_are_served() {
    let served = Served::start().await;
    let document = served.get(Who::Nobody, "/api-json").await;
    assert_eq!(document.json(), maci_api::document());
    let page = served.get(Who::Nobody, "/api/").await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.text.contains("swagger-ui"));
    assert!(served.get(Who::Nobody, "/api").await.status.is_redirection());
    let script = served.get(Who::Nobody, "/api/swagger-initializer.js").await;
    assert!(script.text.contains("/api-json"), "{}", script.text);
}

#[tokio::test]
async fn whatever_changes_something_is_refused_without_credentials() {
    let served = Served::start().await;
    let document = maci_api::document();
    let mut walked = 0;
    for (method, path, operation) in operations(&document) {
        let role = operation["x-role"].as_str();
        let open = OPEN.contains(&(method.as_str(), path.as_str()));
        assert!(
            method == "get" || open || role.is_some_and(|role| role != "viewer") || path.starts_with("/v1/auth/"),
            "{method} {path} changes something and names no role that may"
        );
        if role.is_none() || open {
            continue;
        }
        let needs = operation["responses"].as_object().unwrap();
        assert!(
            needs.contains_key("401") && needs.contains_key("403"),
            "{method} {path}"
        );
        let body = (method != "get").then(|| json!({}));
        let request = |who| served.request(who, &method.to_uppercase(), &filled(&path), body.as_ref());
        let nobody = served.send(request(Who::Nobody)).await;
        assert_eq!(nobody.status.as_u16(), 401, "{method} {path}: {}", nobody.text);
        if role != Some("viewer") {
            let viewer = served.send(request(Who::Viewer)).await;
            assert_eq!(viewer.status.as_u16(), 403, "{method} {path}: {}", viewer.text);
        }
        if role == Some("admin") {
            let operator = served.send(request(Who::Operator)).await;
            assert_eq!(operator.status.as_u16(), 403, "{method} {path}: {}", operator.text);
        }
        walked += 1;
    }
    assert!(walked > 20, "only {walked} operations are guarded");
}

#[tokio::test]
async fn every_operation_is_there_and_answers_as_described() {
    let served = Served::start().await;
    for (method, path, operation) in operations(&maci_api::document()) {
        // one goes on for ever, the other examines the machine that the binary runs on and is tested there
        if ["/v1/events", "/v1/doctor"].contains(&path.as_str()) {
            continue;
        }
        let body = operation.get("requestBody").map(|_| json!({}));
        let request = served.request(Who::Admin, &method.to_uppercase(), &filled(&path), body.as_ref());
        let answer = served.send(request).await;
        let described = operation["responses"].as_object().unwrap();
        let status = answer.status.as_u16().to_string();
        assert!(
            described.contains_key(&status),
            "{method} {path} answers {status}: {}",
            answer.text
        );
        assert_ne!(answer.status.as_u16(), 405, "{method} {path}");
        assert!(!answer.text.contains("NO_SUCH_ROUTE"), "{method} {path}");
    }
}
