//! Logins count until they end, and a nonce counts once.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;
use maci_store::{Session, TokenDigest};

on_both_engines! {
    a_login_counts_until_it_expires_also_after_a_restart,
    a_revoked_login_counts_no_more,
    a_nonce_is_used_once_however_many_try_and_also_after_a_restart,
    a_nonce_that_was_handed_out_is_redeemed_once_and_in_time,
    what_has_expired_is_purged_and_nothing_else,
    a_secret_is_the_one_that_was_drawn_first_for_everybody_and_for_good,
}

const ALICE: EthAddress = EthAddress([0xa1; 20]);

fn login(expires: i64) -> Session {
    Session {
        address: ALICE,
        role: "operator".to_owned(),
        issued: Timestamp(10),
        expires: Timestamp(expires),
    }
}

async fn a_login_counts_until_it_expires_also_after_a_restart(bench: Bench) {
    let token = TokenDigest::of(b"a random token");
    let store = bench.open().await;
    store.sessions().issue(&token, &login(100)).await.unwrap();
    store.close().await;
    let sessions = bench.open().await.sessions();
    assert_eq!(sessions.find(&token, Timestamp(99)).await.unwrap(), Some(login(100)));
    assert_eq!(sessions.find(&token, Timestamp(100)).await.unwrap(), None);
    let foreign = TokenDigest::of(b"another token");
    assert_eq!(sessions.find(&foreign, Timestamp(50)).await.unwrap(), None);
    assert!(sessions.issue(&token, &login(200)).await.is_err());
    assert_eq!(format!("{token:?}"), "TokenDigest");
}

async fn a_revoked_login_counts_no_more(bench: Bench) {
    let sessions = bench.open().await.sessions();
    let tokens = [b"1", b"2", b"3"].map(|token| TokenDigest::of(token));
    for token in &tokens {
        sessions.issue(token, &login(100)).await.unwrap();
    }
    assert!(sessions.revoke(&tokens[0]).await.unwrap());
    assert!(!sessions.revoke(&tokens[0]).await.unwrap());
    assert_eq!(sessions.find(&tokens[0], Timestamp(20)).await.unwrap(), None);
    assert_eq!(sessions.revoke_all(EthAddress([1; 20])).await.unwrap(), 0);
    assert_eq!(sessions.revoke_all(ALICE).await.unwrap(), 2);
    assert_eq!(sessions.find(&tokens[1], Timestamp(20)).await.unwrap(), None);
}

async fn a_nonce_is_used_once_however_many_try_and_also_after_a_restart(bench: Bench) {
    bench.open().await;
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let sessions = bench.open().await.sessions();
                sessions.use_once("request", "n1", Timestamp(100)).await.unwrap()
            })
        })
        .collect();
    let mut used = 0;
    for one in tries {
        used += u32::from(one.await.unwrap());
    }
    assert_eq!(used, 1);
    let sessions = bench.open().await.sessions();
    assert!(!sessions.use_once("request", "n1", Timestamp(900)).await.unwrap());
    assert!(sessions.use_once("login", "n1", Timestamp(100)).await.unwrap());
}

async fn a_nonce_that_was_handed_out_is_redeemed_once_and_in_time(bench: Bench) {
    let sessions = bench.open().await.sessions();
    assert!(!sessions.redeem("login", "a", Timestamp(1)).await.unwrap());
    assert!(sessions.offer("login", "a", Timestamp(100)).await.unwrap());
    assert!(!sessions.offer("login", "a", Timestamp(900)).await.unwrap());
    assert!(!sessions.redeem("request", "a", Timestamp(50)).await.unwrap());
    assert!(sessions.redeem("login", "a", Timestamp(99)).await.unwrap());
    assert!(!sessions.redeem("login", "a", Timestamp(99)).await.unwrap());
    assert!(!sessions.use_once("login", "a", Timestamp(99)).await.unwrap());
    sessions.offer("login", "late", Timestamp(100)).await.unwrap();
    assert!(!sessions.redeem("login", "late", Timestamp(100)).await.unwrap());
}

async fn what_has_expired_is_purged_and_nothing_else(bench: Bench) {
    let sessions = bench.open().await.sessions();
    let (old, new) = (TokenDigest::of(b"old"), TokenDigest::of(b"new"));
    sessions.issue(&old, &login(50)).await.unwrap();
    sessions.issue(&new, &login(51)).await.unwrap();
    sessions.use_once("login", "old", Timestamp(50)).await.unwrap();
    sessions.use_once("login", "new", Timestamp(51)).await.unwrap();
    assert_eq!(sessions.purge(Timestamp(50)).await.unwrap(), 2);
    assert!(sessions.find(&new, Timestamp(50)).await.unwrap().is_some());
    assert!(!sessions.use_once("login", "new", Timestamp(90)).await.unwrap());
}

async fn a_secret_is_the_one_that_was_drawn_first_for_everybody_and_for_good(bench: Bench) {
    bench.open().await;
    let draws: Vec<_> = (0..8)
        .map(|number| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let sessions = bench.open().await.sessions();
                sessions.shared_secret("logins", [number; 32]).await.unwrap()
            })
        })
        .collect();
    let mut shared = Vec::new();
    for draw in draws {
        shared.push(draw.await.unwrap());
    }
    assert!(shared.iter().all(|secret| *secret == shared[0]), "{shared:?}");
    let sessions = bench.open().await.sessions();
    assert_eq!(sessions.shared_secret("logins", [99; 32]).await.unwrap(), shared[0]);
    assert_eq!(sessions.shared_secret("others", [99; 32]).await.unwrap(), [99; 32]);
}
