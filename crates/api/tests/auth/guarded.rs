//! Walks the API's own document: whatever changes something is closed to whoever may not.

use axum::http::{Method, StatusCode};
use maci_api::auth::needed_role;
use maci_coordinator_core::actor::Role;
use serde_json::Value;

use crate::venue::{Venue, admin, operator, viewer};

/// What changes nothing, or is how one comes in.
const OPEN: [(&str, &str); 5] = [
    ("post", "/v1/auth/login"),
    ("post", "/v1/auth/logout"),
    ("post", "/v1/scheduler/status"),
    ("post", "/v1/messageBatches/get"),
    ("post", "/v1/messages/publish"), // its proof says who may
];

/// Every operation: method, path with names filled in, and the role the document says it needs.
fn operations() -> Vec<(String, String, Option<Role>)> {
    let document = maci_api::document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_method = ["get", "post", "put", "patch", "delete"].contains(&method.as_str());
            if is_method {
                let role = operation.get("x-role").and_then(Value::as_str);
                found.push((method.clone(), filled(path), role.map(|role| role.parse().unwrap())));
            }
        }
    }
    assert!(found.len() > 20, "the document has {} operations", found.len());
    found
}

fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn every_operation_that_changes_something_says_who_may() {
    for (method, path, role) in operations() {
        let is_open = OPEN.contains(&(method.as_str(), path.as_str()));
        let acts = method != "get" || path == "/v1/session-keys/generate";
        if acts && !is_open {
            assert!(role >= Some(Role::Operator), "{method} {path} is for {role:?}");
        }
    }
}

#[test]
fn the_door_asks_for_at_least_what_the_document_says() {
    for (method, path, role) in operations() {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let asked = needed_role(&method, &path, true);
        assert!(
            asked >= role,
            "{method} {path}: the door asks for {asked:?}, the document for {role:?}"
        );
    }
}

#[tokio::test]
async fn nobody_passes_with_less_than_the_role_and_everybody_with_it() {
    let venue = Venue::open().await;
    let tokens = [
        (Role::Viewer, venue.log_in(&viewer()).await),
        (Role::Operator, venue.log_in(&operator()).await),
        (Role::Admin, venue.log_in(&admin()).await),
    ];
    for (method, path, _) in operations() {
        if path.starts_with("/v1/auth/") || path == "/v1/audit" {
            continue;
        }
        let method = method.to_uppercase();
        let Some(needed) = needed_role(&method.parse().unwrap(), &path, true) else {
            continue;
        };
        let nobody = venue.call(&method, &path, None).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        for (role, token) in &tokens {
            let answer = venue.call(&method, &path, Some(token)).await;
            let expected = if *role >= needed {
                StatusCode::ACCEPTED
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expected, "{method} {path} as {role}");
        }
    }
}

#[tokio::test]
async fn paths_that_are_spelled_oddly_open_nothing() {
    let venue = Venue::open().await;
    for path in [
        "/v1/proof//merge",
        "/v1/proof/merge/",
        "/V1/proof/merge",
        "/v1/%70roof/merge",
        "/v1/auth/login/../proof/merge",
        "/v1/auth/login%2f..%2fproof%2fmerge",
    ] {
        assert_eq!(
            venue.call("POST", path, None).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
}
