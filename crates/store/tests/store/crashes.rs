//! A process that is killed leaves everything it announced, and nothing by halves.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::sample::{START, all_logs, block, logs, poll};
use maci_protocol::Remedy;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
use maci_store::{IntentKey, SignedBytes, Store, StoreError};

const PART: &str = "STORE_TEST_PART";
const FOLDER: &str = "STORE_TEST_FOLDER";
const SENDER: EthAddress = EthAddress([3; 20]);

/// Another process, which is this program told to play a part.
struct Other {
    process: Child,
    announcements: std::io::Lines<BufReader<ChildStderr>>,
}

impl Other {
    fn playing(part: &str, folder: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::the_part_of_the_other_process", "--nocapture"])
            .env(PART, part)
            .env(FOLDER, folder)
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
    let folder = PathBuf::from(folder);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder).await.unwrap();
        match part.as_str() {
            "ledger" => fill_the_ledger(&store).await,
            "intents" => sign(&store).await,
            "lock" => hold_the_lock(&store).await,
            "files" => rewrite_a_file(&store),
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

#[tokio::test]
async fn a_killed_ledger_writer_leaves_whole_stretches_up_to_its_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Other::playing("ledger", folder.path());
    while writer.announcement() < 30 {}
    let announced = writer.kill().unwrap_or(30);

    let ledger = Store::open(folder.path()).await.unwrap().ledger();
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
        },
    )
}

async fn sign(store: &Store) {
    for nonce in 0.. {
        let (key, signed) = intent(nonce);
        store.intents().begin(&key, &signed).await.unwrap();
        announce(nonce);
    }
}

#[tokio::test]
async fn a_killed_signer_leaves_every_transaction_it_could_have_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut signer = Other::playing("intents", folder.path());
    while signer.announcement() < 20 {}
    let announced = signer.kill().unwrap_or(20);

    let intents = Store::open(folder.path()).await.unwrap().intents();
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

#[tokio::test]
async fn a_poll_is_locked_until_its_holder_is_dead_and_says_who_that_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut other = Other::playing("lock", folder.path());
    let id = other.announcement();

    let store = Store::open(folder.path()).await.unwrap();
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

#[tokio::test]
async fn no_reader_sees_part_of_a_file_while_it_is_rewritten_or_after_its_writer_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let files = store.poll_folder(&poll(0)).unwrap();
    let mut writer = Other::playing("files", folder.path());
    while writer.announcement() < 20 {
        let seen = files.read("tally.json").unwrap().unwrap();
        assert_eq!(seen, content(seen[0]));
    }
    writer.kill();
    let left = files.read("tally.json").unwrap().unwrap();
    assert_eq!(left, content(left[0]));
    assert_eq!(files.list().unwrap(), ["tally.json"]);
}
