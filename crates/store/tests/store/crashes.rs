//! A process that is killed leaves everything it announced, and nothing by halves.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use crate::bench::{Bench, on_both_engines};
use crate::sample::{START, all_logs, block, logs, poll};
use maci_protocol::Remedy;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{
    ArtifactKey, AuditChain, AuditEntry, Database, EventFilter, Found, IntentKey, JobFilter, JobState, NewEvent,
    NewJob, Page, SignedBytes, Store, StoreError, StoreSettings,
};
use secrecy::SecretString;
use serde_json::json;

const PART: &str = "STORE_TEST_PART";
const FOLDER: &str = "STORE_TEST_FOLDER";
const URL: &str = "STORE_TEST_URL";
const SENDER: EthAddress = EthAddress([3; 20]);
const NOW: Timestamp = Timestamp(1_700_000_000_000);

on_both_engines! {
    a_killed_ledger_writer_leaves_whole_stretches_up_to_its_cursor,
    a_killed_signer_leaves_every_transaction_it_could_have_sent,
    a_poll_is_locked_until_its_holder_is_dead_and_says_who_that_is,
    no_reader_sees_part_of_a_file_while_it_is_rewritten_or_after_its_writer_is_killed,
    no_reader_sees_part_of_an_artifact_while_it_is_rewritten_or_after_its_writer_is_killed,
    a_killed_service_leaves_every_job_event_and_audit_entry_it_announced_and_no_half_ones,
    the_job_of_a_killed_runner_goes_to_another_and_counts_as_an_attempt,
    a_nonce_used_before_the_kill_is_used_after_it,
}

/// Another process, which is this program told to play a part.
struct Other {
    process: Child,
    announcements: std::io::Lines<BufReader<ChildStderr>>,
}

impl Other {
    fn playing(part: &str, bench: &Bench) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::the_part_of_the_other_process", "--nocapture"])
            .env(PART, part)
            .env(FOLDER, bench.folder())
            .env(URL, bench.url().unwrap_or_default())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let announcements = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { process, announcements }
    }

    /// The number in the next announcement.
    fn announcement(&mut self) -> u64 {
        self.announcements.next().unwrap().unwrap().parse().unwrap()
    }

    /// Kills it, and answers the last number it announced.
    fn kill(mut self) -> Option<u64> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.announcements.map(|line| line.unwrap().parse().unwrap()).last()
    }
}

fn announce(number: u64) {
    eprintln!("{number}");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the environment tells this process that it is the other one"
)]
fn the_part_of_the_other_process() {
    let (Ok(part), Some(folder)) = (std::env::var(PART), std::env::var_os(FOLDER)) else {
        return;
    };
    let settings = StoreSettings {
        database: match std::env::var(URL).unwrap() {
            url if url.is_empty() => Database::Sqlite,
            url => Database::Postgres(SecretString::from(url)),
        },
        ..StoreSettings::in_folder(folder)
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open_with(&settings).await.unwrap();
        match part.as_str() {
            "ledger" => fill_the_ledger(&store).await,
            "intents" => sign(&store).await,
            "lock" => hold_the_lock(&store).await,
            "files" => rewrite_a_file(&store),
            "artifacts" => rewrite_an_artifact(&store).await,
            "service" => serve(&store).await,
            "runner" => claim_and_hang(&store).await,
            "nonces" => use_nonces(&store).await,
            other => panic!("no part `{other}`"),
        }
    });
}

async fn fill_the_ledger(store: &Store) {
    store.ledger().follow(&poll(0), START).await.unwrap();
    for number in START.0.. {
        let stretch = logs(number..=number, 0);
        store
            .ledger()
            .append(&poll(0), BlockNumber(number), block(number, 0), &stretch)
            .await
            .unwrap();
        announce(number);
    }
}

async fn a_killed_ledger_writer_leaves_whole_stretches_up_to_its_cursor(bench: Bench) {
    let mut writer = Other::playing("ledger", &bench);
    while writer.announcement() < 30 {}
    let announced = writer.kill().unwrap_or(30);

    let ledger = bench.open().await.ledger();
    let cursor = ledger.state(&poll(0)).await.unwrap().unwrap().cursor.unwrap().number.0;
    assert!(cursor >= announced, "{cursor} was reached, {announced} was announced");
    assert_eq!(all_logs(&ledger, &poll(0)).await, logs(START.0..=cursor, 0));
}

fn intent(nonce: u64) -> (IntentKey, SignedBytes) {
    let key = IntentKey {
        chain: ChainId(1),
        purpose: format!("batch {nonce}"),
        sender: SENDER,
        nonce,
    };
    let raw = nonce.to_be_bytes().repeat(40);
    (
        key,
        SignedBytes {
            hash: TxHash([nonce as u8; 32]),
            raw,
            cancels: false,
        },
    )
}

async fn sign(store: &Store) {
    for nonce in 0.. {
        let (key, signed) = intent(nonce);
        store
            .intents()
            .begin(&key, &signed, maci_protocol::time::Timestamp(0))
            .await
            .unwrap();
        announce(nonce);
    }
}

async fn a_killed_signer_leaves_every_transaction_it_could_have_sent(bench: Bench) {
    let mut signer = Other::playing("intents", &bench);
    while signer.announcement() < 20 {}
    let announced = signer.kill().unwrap_or(20);

    let intents = bench.open().await.intents();
    let live = intents.live(ChainId(1), SENDER).await.unwrap();
    assert!(live.len() as u64 > announced);
    for (nonce, one) in (0..).zip(live) {
        let (key, signed) = intent(nonce);
        assert_eq!((one.key, one.attempts), (key, vec![signed]));
    }
}

async fn hold_the_lock(store: &Store) {
    let _lock = store.lock_poll(&poll(0), "finalise").await.unwrap();
    announce(std::process::id().into());
    std::future::pending::<()>().await;
}

async fn a_poll_is_locked_until_its_holder_is_dead_and_says_who_that_is(bench: Bench) {
    let mut other = Other::playing("lock", &bench);
    let id = other.announcement();

    let store = bench.open().await;
    match store.lock_poll(&poll(0), "finalise").await {
        Err(StoreError::PollBusy { holder, .. }) => assert_eq!(holder, format!("process {id} (finalise)")),
        taken => panic!("{taken:?}"),
    }
    let _another_poll_is_free = store.lock_poll(&poll(1), "finalise").await.unwrap();
    other.kill();
    let lock = store.lock_poll(&poll(0), "finalise").await.unwrap();
    let busy = store.lock_poll(&poll(0), "finalise").await.unwrap_err();
    assert_eq!(busy.remedy(), Remedy::Retry);
    drop(lock);
    store.lock_poll(&poll(0), "finalise").await.unwrap();
}

/// A megabyte of one byte.
fn content(byte: u8) -> Vec<u8> {
    vec![byte; 1 << 20]
}

fn rewrite_a_file(store: &Store) {
    let files = store.poll_folder(&poll(0)).unwrap();
    for number in 0.. {
        files.write_atomically("tally.json", &content(number as u8)).unwrap();
        announce(number);
    }
}

async fn no_reader_sees_part_of_a_file_while_it_is_rewritten_or_after_its_writer_is_killed(bench: Bench) {
    let store = bench.open().await;
    let files = store.poll_folder(&poll(0)).unwrap();
    let mut writer = Other::playing("files", &bench);
    while writer.announcement() < 20 {
        let seen = files.read("tally.json").unwrap().unwrap();
        assert_eq!(seen, content(seen[0]));
    }
    writer.kill();
    let left = files.read("tally.json").unwrap().unwrap();
    assert_eq!(left, content(left[0]));
    assert_eq!(files.list().unwrap(), ["tally.json"]);
}

fn proof() -> ArtifactKey {
    ArtifactKey::of("proof", &[b"inputs"])
}

async fn rewrite_an_artifact(store: &Store) {
    for number in 0.. {
        store.artifacts().put(&proof(), &content(number as u8)).await.unwrap();
        announce(number);
    }
}

async fn no_reader_sees_part_of_an_artifact_while_it_is_rewritten_or_after_its_writer_is_killed(bench: Bench) {
    let artifacts = bench.open().await.artifacts();
    let mut writer = Other::playing("artifacts", &bench);
    let whole = |found| {
        let Found::Whole(bytes) = found else {
            panic!("{found:?}")
        };
        bytes
    };
    while writer.announcement() < 20 {
        let seen = whole(artifacts.get(&proof()).await.unwrap());
        assert_eq!(seen, content(seen[0]));
    }
    writer.kill();
    let left = whole(artifacts.get(&proof()).await.unwrap());
    assert_eq!(left, content(left[0]));
}

fn job(number: u64) -> NewJob {
    NewJob {
        kind: "generate".to_owned(),
        key: format!("job {number}"),
        poll: Some(poll(number)),
        request: json!({ "number": number }),
        not_before: NOW,
        by: "alice".to_owned(),
    }
}

/// What a service does for each request, without end.
async fn serve(store: &Store) {
    for number in 0.. {
        let id = store.jobs().begin(&job(number), NOW).await.unwrap().row().id;
        let event = NewEvent {
            at: NOW,
            poll: Some(poll(number)),
            job: Some(id),
            kind: "job begun".to_owned(),
            body: json!({ "number": number }),
        };
        store.events().append(&event).await.unwrap();
        let entry = AuditEntry {
            at: NOW,
            who: "alice".to_owned(),
            what: "generate".to_owned(),
            target: poll(number).to_string(),
            outcome: "begun".to_owned(),
            request: None,
        };
        store.audit().append(&entry).await.unwrap();
        announce(number);
    }
}

async fn a_killed_service_leaves_every_job_event_and_audit_entry_it_announced_and_no_half_ones(bench: Bench) {
    let mut service = Other::playing("service", &bench);
    while service.announcement() < 15 {}
    let announced = service.kill().unwrap_or(15) as usize;

    let store = bench.open().await;
    let jobs = store
        .jobs()
        .list(&JobFilter::default(), Page::first(1000))
        .await
        .unwrap();
    let events = store.events().after(0, 1000, &EventFilter::default()).await.unwrap();
    let AuditChain::Whole { entries, .. } = store.audit().check().await.unwrap() else {
        panic!("the audit log is broken");
    };
    // one of each per request, written in this order: at most the last request is cut short
    let counts = [jobs.len(), events.len(), entries as usize];
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert!(
        counts[2] > announced && counts[0] <= counts[2] + 1,
        "{counts:?}, {announced} announced"
    );
    for (number, event) in (0..).zip(&events) {
        assert_eq!(event.event.body, json!({ "number": number }));
        assert_eq!(jobs[jobs.len() - 1 - number].id, event.event.job.unwrap());
    }
    // whoever asks again joins what is there
    let again = store.jobs().begin(&job(0), NOW).await.unwrap();
    assert_eq!(Some(again.row().id), events[0].event.job);
}

async fn claim_and_hang(store: &Store) {
    store.jobs().begin(&job(0), NOW).await.unwrap();
    store.jobs().claim_due(NOW).await.unwrap().unwrap();
    announce(0);
    std::future::pending::<()>().await;
}

async fn the_job_of_a_killed_runner_goes_to_another_and_counts_as_an_attempt(bench: Bench) {
    let mut runner = Other::playing("runner", &bench);
    runner.announcement();
    let jobs = bench.open().await.jobs();
    assert!(jobs.orphans().await.unwrap().is_empty());
    assert_eq!(jobs.claim_due(NOW).await.unwrap(), None);
    runner.kill();
    let found = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            // a server needs a moment to notice that a connection ended
            let found = jobs.orphans().await.unwrap();
            if !found.is_empty() {
                break found;
            }
        }
    });
    let found = found.await.unwrap();
    assert_eq!((found.len(), found[0].state), (1, JobState::Pending));
    let again = jobs.claim_due(NOW).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (found[0].id, 2));
}

async fn use_nonces(store: &Store) {
    for number in 0u64.. {
        assert!(
            store
                .sessions()
                .use_once("request", &number.to_string(), NOW)
                .await
                .unwrap()
        );
        announce(number);
    }
}

async fn a_nonce_used_before_the_kill_is_used_after_it(bench: Bench) {
    let mut other = Other::playing("nonces", &bench);
    while other.announcement() < 20 {}
    let announced = other.kill().unwrap_or(20);
    let sessions = bench.open().await.sessions();
    for number in 0..=announced {
        assert!(!sessions.use_once("request", &number.to_string(), NOW).await.unwrap());
    }
}
