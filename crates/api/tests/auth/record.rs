//! The record of who did what.

use axum::http::StatusCode;
use serde_json::json;

use crate::venue::{Venue, admin, operator, viewer};

#[tokio::test]
async fn what_people_do_and_try_is_recorded_with_its_result() {
    let venue = Venue::open().await;
    let (admin_token, token) = (venue.log_in(&admin()).await, venue.log_in(&operator()).await);
    venue.call("POST", "/v1/proof/merge", Some(&token)).await;
    venue.call("POST", "/v1/keys/unlock", Some(&token)).await;
    venue.call("GET", "/v1/polls", Some(&token)).await;
    venue.call("POST", "/v1/proof/submit", None).await;

    let answer = venue.call("GET", "/v1/audit?check=true", Some(&admin_token)).await;
    assert_eq!((answer.status, &answer.body["whole"]), (StatusCode::OK, &json!(true)));
    let entries = answer.body["entries"].as_array().unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            ["action", "target", "outcome"]
                .map(|name| entry[name].as_str().unwrap())
                .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "POST /v1/keys/unlock refused",
            "POST /v1/proof/merge 202",
            "login  done",
            "login  done",
        ]
    );
    assert_eq!(entries[0]["who"], format!("{} (operator)", operator().address()));
}

#[tokio::test]
async fn the_record_is_read_page_by_page_by_admins_alone() {
    let venue = Venue::open().await;
    let token = venue.log_in(&admin()).await;
    for _ in 0..3 {
        venue.call("POST", "/v1/proof/merge", Some(&token)).await;
    }
    let page = venue.call("GET", "/v1/audit?limit=2", Some(&token)).await;
    let numbers: Vec<_> = page.body["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["number"].clone())
        .collect();
    assert_eq!(numbers, [json!(4), json!(3)]);
    let rest = venue.call("GET", "/v1/audit?limit=2&before=3", Some(&token)).await;
    assert_eq!(rest.body["entries"][0]["number"], json!(2));
    for odd in ["limit=0", "limit=1001", "before=0", "before=x", "after=1"] {
        let answer = venue.call("GET", &format!("/v1/audit?{odd}"), Some(&token)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
    }
    let other = venue.log_in(&viewer()).await;
    assert_eq!(
        venue.call("GET", "/v1/audit", Some(&other)).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        venue.call("GET", "/v1/audit", None).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn what_was_begun_by_a_client_that_left_is_recorded() {
    let venue = Venue::open().await;
    let token = venue.log_in(&operator()).await;
    let admin_token = venue.log_in(&admin()).await;
    tokio::select! {
        _ = venue.call("POST", "/v1/endless", Some(&token)) => unreachable!("nobody leaves that room"),
        () = venue.arrived.notified() => {}
    }
    loop {
        let answer = venue.call("GET", "/v1/audit?limit=1", Some(&admin_token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let entry = &answer.body["entries"][0];
        if entry["target"] == "/v1/endless" {
            assert_eq!(entry["outcome"], "the client left");
            return;
        }
        tokio::task::yield_now().await;
    }
}
