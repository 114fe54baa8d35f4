//! Sign-In with Ethereum: a right login opens, and every field that is not right keeps out.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use maci_api::auth::Roles;
use maci_coordinator_core::actor::Role;
use maci_testkit::Wallet;

use crate::venue::{Message, Venue, address, admin, operator, settings, stranger, viewer};

/// Signs a message as it is, sends it, and expects to be refused for a reason.
async fn expect_refused(venue: &Venue, message: &Message, wallet: &Wallet, reason: &str) {
    let text = message.to_string();
    let answer = venue.post_login(&text, &wallet.sign_message(&text).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}: {}", answer.body);
    let told = answer.body["text"].as_str().unwrap();
    assert!(told.contains(reason), "{told}");
    assert!(answer.headers.contains_key(WWW_AUTHENTICATE));
}

#[tokio::test]
async fn a_login_opens_what_its_role_may_and_a_logout_closes_it() {
    let venue = Venue::open().await;
    let token = venue.log_in(&operator()).await;
    let me = venue.call("GET", "/v1/auth/me", Some(&token)).await;
    assert_eq!(me.body["address"], operator().address());
    assert_eq!(me.body["role"], "operator");
    let merge = venue.call("POST", "/v1/proof/merge", Some(&token)).await;
    assert_eq!(merge.status, StatusCode::ACCEPTED);
    let unlock = venue.call("POST", "/v1/keys/unlock", Some(&token)).await;
    assert_eq!(
        (unlock.status, &unlock.body["message"]),
        (StatusCode::FORBIDDEN, &"Forbidden resource".into())
    );

    let out = venue.call("POST", "/v1/auth/logout", Some(&token)).await;
    assert_eq!(
        (out.status, &out.body["loggedOut"]),
        (StatusCode::CREATED, &true.into())
    );
    let after = venue.call("POST", "/v1/proof/merge", Some(&token)).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn people_log_in_on_the_pages_of_frontends() {
    let venue = Venue::open().await;
    let message = Message {
        domain: "vote.example.org".to_owned(),
        uri: "https://vote.example.org/admin?tab=polls".to_owned(),
        ..Message::of(&admin(), &venue.nonce().await, venue.now())
    }
    .to_string();
    let answer = venue
        .post_login(&message, &admin().sign_message(&message).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
}

#[tokio::test]
async fn a_message_for_another_place_is_refused() {
    let venue = Venue::open().await;
    let right = Message::of(&operator(), &venue.nonce().await, venue.now());
    for domain in [
        "evil.example",
        "coordinator.example.org.evil.example",
        "coordinator.example.org:444",
        "x@coordinator.example.org",
    ] {
        let domain = domain.to_owned();
        expect_refused(
            &venue,
            &Message {
                domain,
                ..right.clone()
            },
            &operator(),
            "domain",
        )
        .await;
    }
    for uri in [
        "https://evil.example/",
        "ftp://coordinator.example.org/",
        "urn:coordinator.example.org",
    ] {
        let uri = uri.to_owned();
        expect_refused(&venue, &Message { uri, ..right.clone() }, &operator(), "URI").await;
    }
    expect_refused(
        &venue,
        &Message {
            chain: 1,
            ..right.clone()
        },
        &operator(),
        "chain",
    )
    .await;
    let version = "2".to_owned();
    expect_refused(&venue, &Message { version, ..right }, &operator(), "EIP-4361").await;
}

#[tokio::test]
async fn a_message_at_another_time_is_refused() {
    let venue = Venue::open().await;
    let right = Message::of(&operator(), &venue.nonce().await, venue.now());
    let [soon, later] = [1, 3_600].map(|seconds| venue.now().after(Duration::from_secs(seconds)));
    let expired = Message {
        expires: Some(venue.now()),
        ..right.clone()
    };
    expect_refused(&venue, &expired, &operator(), "expired").await;
    let early = Message {
        begins: Some(soon),
        ..right.clone()
    };
    expect_refused(&venue, &early, &operator(), "not valid yet").await;
    let ahead = Message {
        issued: later,
        ..right.clone()
    };
    expect_refused(&venue, &ahead, &operator(), "issue time").await;

    venue.advance(299);
    let nonce = venue.nonce().await;
    venue.advance(299);
    let text = Message::of(&operator(), &nonce, venue.now()).to_string();
    let answer = venue.post_login(&text, &operator().sign_message(&text).unwrap()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    // the first nonce is ten minutes old by now
    let old = Message {
        issued: venue.now(),
        ..right
    };
    expect_refused(&venue, &old, &operator(), "older than five minutes").await;
}

#[tokio::test]
async fn a_forged_login_is_refused() {
    let venue = Venue::open().await;
    let message = Message::of(&admin(), &venue.nonce().await, venue.now());
    expect_refused(&venue, &message, &stranger(), "not of the account").await;
    let invented = Message {
        nonce: "0123456789abcdef".to_owned(),
        ..message.clone()
    };
    expect_refused(&venue, &invented, &admin(), "not given out").await;

    let text = message.to_string();
    let signature = admin().sign_message(&text).unwrap();
    let widened = text.replace("Run rounds", "Run any round");
    for (text, signature) in [
        (widened.as_str(), signature.as_str()),
        (&text, "0x00"),
        (&text, &signature[2..]),
        ("hello", &signature),
    ] {
        assert_eq!(venue.post_login(text, signature).await.status, StatusCode::UNAUTHORIZED);
    }
    // none of it used the nonce up
    assert_eq!(venue.post_login(&text, &signature).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_replayed_login_is_refused_also_after_a_restart() {
    let venue = Venue::open().await;
    let text = Message::of(&operator(), &venue.nonce().await, venue.now()).to_string();
    let signature = operator().sign_message(&text).unwrap();
    assert_eq!(venue.post_login(&text, &signature).await.status, StatusCode::CREATED);
    assert_eq!(
        venue.post_login(&text, &signature).await.status,
        StatusCode::UNAUTHORIZED
    );
    let venue = venue.restarted(settings()).await;
    assert_eq!(
        venue.post_login(&text, &signature).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_token_outlives_a_restart_and_ends_when_its_hour_is_over() {
    let venue = Venue::open().await;
    let token = venue.log_in(&viewer()).await;
    let venue = venue.restarted(settings()).await;
    venue.advance(3_599);
    assert_eq!(
        venue.call("GET", "/v1/auth/me", Some(&token)).await.status,
        StatusCode::OK
    );
    venue.advance(1);
    assert_eq!(
        venue.call("GET", "/v1/auth/me", Some(&token)).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_nonce_that_one_process_gave_out_opens_a_login_at_another_once() {
    let venue = Venue::open().await;
    let text = Message::of(&operator(), &venue.nonce().await, venue.now()).to_string();
    let signature = operator().sign_message(&text).unwrap();
    let venue = venue.restarted(settings()).await;
    assert_eq!(venue.post_login(&text, &signature).await.status, StatusCode::CREATED);
    assert_eq!(
        venue.post_login(&text, &signature).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_at_once() {
    let venue = Venue::open().await;
    let token = venue.log_in(&operator()).await;
    let mut fewer = settings();
    fewer.roles = Roles::default().with(Role::Viewer, [address(&operator())]);
    let venue = venue.restarted(fewer.clone()).await;
    assert_eq!(
        venue.call("POST", "/v1/proof/merge", Some(&token)).await.status,
        StatusCode::FORBIDDEN
    );
    fewer.roles = Roles::default();
    let venue = venue.restarted(fewer).await;
    assert_eq!(
        venue.call("GET", "/v1/auth/me", Some(&token)).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn an_account_without_a_role_cannot_log_in() {
    let venue = Venue::open().await;
    let text = Message::of(&stranger(), &venue.nonce().await, venue.now()).to_string();
    let answer = venue.post_login(&text, &stranger().sign_message(&text).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
}

#[tokio::test]
async fn no_token_is_on_the_disk() {
    let venue = Venue::open().await;
    let token = venue.log_in(&admin()).await;
    let account = address(&admin()).to_lower_hex();
    let files = files_below(venue.folder.path());
    let holding = |text: &str| {
        files
            .iter()
            .filter(|file| file.windows(text.len()).any(|part| part == text.as_bytes()))
            .count()
    };
    assert!(holding(&account) > 0);
    assert_eq!(holding(&token), 0);
}

fn files_below(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![std::fs::read(&path).unwrap()]
            }
        })
        .collect()
}
