//! The existing service's header: off unless switched on, and then only for what the operator listed.

use axum::http::StatusCode;
use maci_coordinator_core::access::message_digest;
use maci_custody::TransportKey;
use maci_testkit::Wallet;

use crate::venue::{Venue, admin, operator, rsa, stranger, with_legacy};

/// What the existing helper script prints.
fn header(wallet: &Wallet, message: &str) -> String {
    let signature = wallet.sign_message(message).unwrap();
    encrypted(&format!("{signature}:{}", hex::encode(message_digest(message))))
}

fn encrypted(text: &str) -> String {
    let key = TransportKey::read(None, &rsa("rsa-private.pem")).unwrap();
    key.encrypt(text.as_bytes()).unwrap()
}

async fn open() -> Venue {
    Venue::with(with_legacy(), Default::default()).await
}

#[tokio::test]
async fn the_header_is_nothing_unless_it_is_switched_on() {
    let venue = Venue::open().await;
    let answer = venue
        .call("POST", "/v1/proof/merge", Some(&header(&operator(), "message")))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.body["message"], "Forbidden resource");
    assert!(!venue.door.authenticator().takes_legacy_headers());
}

#[tokio::test]
async fn a_listed_message_lets_an_operator_in_again_and_again() {
    let venue = open().await;
    assert!(venue.door.authenticator().takes_legacy_headers());
    let header = header(&operator(), "message");
    for _ in 0..3 {
        let answer = venue.call("POST", "/v1/proof/merge", Some(&header)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_header_that_anybody_could_copy_makes_no_admin() {
    let venue = open().await;
    let header = header(&admin(), "message");
    let me = venue.call("GET", "/v1/auth/me", Some(&header)).await;
    assert_eq!(me.body["role"], "operator");
    let unlock = venue.call("POST", "/v1/keys/unlock", Some(&header)).await;
    assert_eq!(unlock.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_signature_of_a_published_transaction_is_no_login() {
    let venue = open().await;
    let published = admin().published_transaction().unwrap();
    let header = encrypted(&format!("{}:{}", published.signature, hex::encode(published.digest)));
    let answer = venue.call("POST", "/v1/proof/merge", Some(&header)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // and it does not become one under a listed digest
    let listed = encrypted(&format!(
        "{}:{}",
        published.signature,
        hex::encode(message_digest("message"))
    ));
    let answer = venue.call("POST", "/v1/proof/merge", Some(&listed)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn other_messages_other_people_and_nonsense_are_refused() {
    let venue = open().await;
    let digest = hex::encode(message_digest("message"));
    for (what, header) in [
        ("a message that is not listed", header(&operator(), "something else")),
        ("an account without a role", header(&stranger(), "message")),
        ("nothing inside", encrypted("")),
        ("no digest", encrypted(&operator().sign_message("message").unwrap())),
        ("no signature", encrypted(&format!(":{digest}"))),
        (
            "a digest with 0x",
            encrypted(&format!("{}:0x{digest}", operator().sign_message("message").unwrap())),
        ),
        ("not encrypted", "aGVsbG8=".to_owned()),
        ("not base64", "hello".to_owned()),
    ] {
        let answer = venue.call("POST", "/v1/proof/merge", Some(&header)).await;
        let refused = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&answer.status);
        assert!(refused, "{what}: {}", answer.status);
    }
}
