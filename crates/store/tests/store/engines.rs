//! Opening, migrating, and what a database itself refuses.

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;
use std::time::Duration;

use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{Database, IntentState, NewEvent, NewJob, Pruned, Retention, Store, StoreError, StoreSettings};
use secrecy::SecretString;
use serde_json::json;

on_both_engines! {
    a_database_of_a_newer_version_is_left_alone,
    many_that_open_an_empty_place_at_once_all_get_the_same_tables,
    signed_transactions_survive_the_move_to_checked_tables,
    rows_that_make_no_sense_are_refused_by_the_database_itself,
    what_was_kept_for_long_enough_is_forgotten_in_one_sweep,
}

async fn a_database_of_a_newer_version_is_left_alone(bench: Bench) {
    bench.open().await.close().await;
    bench
        .sql(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 999999, 'newer', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
        )
        .await
        .unwrap();
    let refused = Store::open_with(&bench.settings()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration { .. }), "{refused}");
    assert_eq!(refused.remedy(), Remedy::AskOperator);
}

async fn many_that_open_an_empty_place_at_once_all_get_the_same_tables(bench: Bench) {
    let openers: Vec<_> = (0..6)
        .map(|number| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let store = bench.open().await;
                store
                    .sessions()
                    .use_once("opened", &number.to_string(), Timestamp(1))
                    .await
            })
        })
        .collect();
    for opener in openers {
        assert!(opener.await.unwrap().unwrap());
    }
}

async fn signed_transactions_survive_the_move_to_checked_tables(bench: Bench) {
    bench.open().await.close().await;
    // as an earlier version left these two tables; the others have nothing to do with the move
    bench
        .sql(
            "DROP TABLE intent_attempts; DROP TABLE intents; DROP TABLE exports; DROP TABLE paused_senders; \
             DELETE FROM _sqlx_migrations WHERE version IN (3, 6)",
        )
        .await
        .unwrap();
    bench
        .sql(include_str!("../../migrations/0002_intents.sql"))
        .await
        .unwrap();
    let bytes = |byte: &str, engine: &Bench| match engine.url() {
        None => format!("x'{}'", byte.repeat(32)),
        Some(_) => format!("'\\x{}'::bytea", byte.repeat(32)),
    };
    let rows = format!(
        "INSERT INTO intents VALUES ('1', 'merge', 1, '0x{sender}', 7, 'mined', {hash}); \
         INSERT INTO intent_attempts VALUES ('1', 'merge', 1, 0, {hash}, {raw})",
        sender = "ab".repeat(20),
        hash = bytes("01", &bench),
        raw = bytes("02", &bench),
    );
    bench.sql(String::leak(rows)).await.unwrap();

    let intents = bench.open().await.intents();
    let moved = intents.newest(ChainId(1), "merge").await.unwrap().unwrap();
    assert_eq!(moved.key.sender, EthAddress([0xab; 20]));
    assert_eq!((moved.key.nonce, moved.state), (7, IntentState::Mined(TxHash([1; 32]))));
    assert_eq!(moved.attempts[0].raw, [2; 32]);
}

async fn rows_that_make_no_sense_are_refused_by_the_database_itself(bench: Bench) {
    bench.open().await;
    for nonsense in [
        "INSERT INTO intents (chain, purpose, generation, sender, nonce, state) \
         VALUES ('1', 'merge', 1, '0xabababababababababababababababababababab', 0, 'perhaps')",
        "INSERT INTO intents (chain, purpose, generation, sender, nonce, state) \
         VALUES ('1', 'merge', 1, '0xabababababababababababababababababababab', 0, 'mined')",
        "INSERT INTO intents (chain, purpose, generation, sender, nonce, state) VALUES ('1', 'merge', 1, 'me', 0, 'live')",
        "INSERT INTO nonces (scope, nonce, used, expires_at) VALUES ('login', 'a', 2, 0)",
        "INSERT INTO event_cursor (only_row, last_cursor) VALUES (2, 0)",
        "INSERT INTO watched_polls (poll, mode, since, source, paused) VALUES ('p', 3, 0, 'api', 0)",
        "INSERT INTO jobs (id, kind, job_key, request, state, attempts, not_before, created_at, begun_by) \
         VALUES ('018bcfe5-6800-7000-8000-000000000000', 'a', 'k', '{}', 'running', 1, 0, 0, 'me')",
    ] {
        assert!(bench.sql(nonsense).await.is_err(), "{nonsense}");
    }
}

async fn what_was_kept_for_long_enough_is_forgotten_in_one_sweep(bench: Bench) {
    let store = bench.open().await;
    let begun = Timestamp(1_700_000_000_000);
    let event = NewEvent {
        at: begun,
        poll: None,
        job: None,
        kind: "begun".to_owned(),
        body: json!({}),
    };
    store.events().append(&event).await.unwrap();
    store.idempotency().begin("alice", "k", &[1; 32], begun).await.unwrap();
    let hour = Duration::from_secs(3600);
    store
        .sessions()
        .use_once("login", "n", begun.after(hour))
        .await
        .unwrap();
    let job = NewJob {
        kind: "merge".to_owned(),
        key: "merge".to_owned(),
        poll: None,
        request: json!({}),
        not_before: begun,
        by: "alice".to_owned(),
    };
    store.jobs().begin(&job, begun).await.unwrap();
    let claimed = store.jobs().claim_due(begun).await.unwrap().unwrap();
    store
        .jobs()
        .finish(&claimed, &json!(1), begun.after(hour))
        .await
        .unwrap();

    let retention = Retention::default();
    let forgotten = store.prune(&retention, begun.after(hour / 2)).await.unwrap();
    assert_eq!(forgotten, Pruned::default());
    let after_two_days = Pruned {
        answers: 1,
        logins: 1,
        ..Pruned::default()
    };
    assert_eq!(
        store.prune(&retention, begun.after(hour * 48)).await.unwrap(),
        after_two_days
    );
    let after_a_year = Pruned {
        events: 1,
        jobs: 1,
        ..Pruned::default()
    };
    assert_eq!(
        store.prune(&retention, begun.after(hour * 24 * 365)).await.unwrap(),
        after_a_year
    );
}

#[tokio::test]
async fn a_store_goes_on_after_its_connections_were_cut() {
    let Some(bench) = Bench::postgres() else {
        return;
    };
    let store = bench.open().await;
    let mut lock = store.lock_poll(&poll(0), "finalise").await.unwrap();
    assert!(lock.is_held().await);
    bench.cut_connections().await;
    // what hung on the connection is lost and says so; the rest connects again
    assert!(!lock.is_held().await);
    store.lock_poll(&poll(0), "finalise").await.unwrap();
    store.polls().all().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_read_only_needs_an_operator() {
    let Some(bench) = Bench::postgres() else {
        return;
    };
    let store = bench.open().await;
    bench
        .sql(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', \
             current_database()); END $$",
        )
        .await
        .unwrap();
    bench.cut_connections().await;
    let refused = store.sessions().use_once("login", "n", Timestamp(1)).await.unwrap_err();
    assert_eq!(refused.remedy(), Remedy::AskOperator, "{refused}");
}

#[tokio::test]
async fn a_file_that_is_no_database_needs_an_operator_and_is_left_alone() {
    let bench = Bench::sqlite();
    let path = bench.folder().join("coordinator.sqlite");
    let content = b"a letter to my aunt, long enough to look like something".repeat(100);
    std::fs::write(&path, &content).unwrap();
    let refused = Store::open_with(&bench.settings()).await.unwrap_err();
    assert_eq!(refused.remedy(), Remedy::AskOperator, "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), content);
}

#[tokio::test]
async fn machines_that_share_a_server_share_its_locks() {
    let Some(bench) = Bench::postgres() else {
        return;
    };
    let (here, there) = (bench.open().await, bench.of_another_machine().open().await);
    let lock = here.lock_poll(&poll(0), "finalise").await.unwrap();
    match there.lock_poll(&poll(0), "finalise").await {
        Err(StoreError::PollBusy { holder, .. }) => assert!(holder.contains("(finalise)"), "{holder}"),
        taken => panic!("{taken:?}"),
    }
    lock.release().await;
    there.lock_poll(&poll(0), "finalise").await.unwrap();
}

#[tokio::test]
async fn a_runner_whose_connection_was_cut_loses_its_jobs_to_others_and_its_answers_do_not_count() {
    let Some(bench) = Bench::postgres() else {
        return;
    };
    let (cut, heir) = (
        bench.open().await.jobs(),
        bench.of_another_machine().open().await.jobs(),
    );
    let now = Timestamp(1_700_000_000_000);
    let wish = NewJob {
        kind: "merge".to_owned(),
        key: "merge".to_owned(),
        poll: None,
        request: json!({}),
        not_before: now,
        by: "alice".to_owned(),
    };
    cut.begin(&wish, now).await.unwrap();
    let claimed = cut.claim_due(now).await.unwrap().unwrap();
    assert!(heir.orphans().await.unwrap().is_empty());
    bench.cut_connections().await;
    let orphans = heir.orphans().await.unwrap();
    assert_eq!(orphans.len(), 1);
    let inherited = heir.claim_due(now).await.unwrap().unwrap();
    assert!(!cut.finish(&claimed, &json!("late"), now).await.unwrap());
    // connected again, it is a runner as before, and what the heir has is not due to it
    assert_eq!(cut.claim_due(now).await.unwrap(), None);
    assert!(cut.orphans().await.unwrap().is_empty());
    assert!(heir.finish(&inherited, &json!("in time"), now).await.unwrap());
}

#[tokio::test]
async fn an_open_store_does_not_show_its_servers_password() {
    let Some(bench) = Bench::postgres() else {
        return;
    };
    let url = bench.url().unwrap().replace("maci@", "maci:hunter2@");
    let settings = StoreSettings {
        database: Database::Postgres(SecretString::from(url)),
        ..bench.settings()
    };
    let store = Store::open_with(&settings).await.unwrap();
    let shown = format!("{settings:?} {store:?} {:?} {:?}", store.jobs(), store.ledger());
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn a_url_that_leads_nowhere_is_an_error_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for url in [
        "postgres://maci:hunter2@localhost:99999/db",
        "mysql://maci:hunter2@localhost/db",
        "postgres://maci:hunter2@127.0.0.1:1/db",
        "hunter2",
    ] {
        let settings = StoreSettings {
            database: Database::Postgres(SecretString::from(url)),
            ..StoreSettings::in_folder(folder.path())
        };
        let refused = Store::open_with(&settings).await.unwrap_err();
        let said = format!("{refused} {refused:?} {settings:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn a_folder_with_odd_characters_in_its_name_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("50% of ü #1?mode=ro");
    Store::open(&odd).await.unwrap().close().await;
    assert!(odd.join("coordinator.sqlite").exists());
}
