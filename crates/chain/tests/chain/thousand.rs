//! Many transactions of one sender while everything goes wrong that can: each is mined exactly once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use maci_chain::Remedy;
use maci_chain::send::{Call, IntentLog, MemoryIntentLog, Purpose, SendSettings, Sender, Submit, recover};
use maci_protocol::ids::EthAddress;
use maci_testkit::proxy::{Fault, Rule};
use maci_testkit::{Anvil, RpcProxy};

use crate::stage::{connect, settings, wallet};

/// Transactions in the suite; `cargo xtask bench transactions` asks for a thousand.
const USUAL: u32 = 200;

/// The wait between two blocks.
const BLOCK: Duration = Duration::from_millis(120);

/// Blocks between two reorganisations, and between two times that nodes forget what waits.
const REORG_EVERY: u64 = 29;
const DROP_EVERY: u64 = 11;

/// How many blocks a reorganisation takes back.
const DEPTH: u64 = 3;

#[expect(
    clippy::disallowed_methods,
    reason = "the environment says how many, and whether anything goes wrong"
)]
fn asked() -> (u32, bool) {
    let count = std::env::var("MACI_TRANSACTIONS").map_or(USUAL, |text| text.parse().unwrap());
    let calm = std::env::var("MACI_TRANSACTION_FAULTS").is_ok_and(|text| text == "none");
    (count, !calm)
}

fn call(number: u32) -> Call {
    Call {
        purpose: Purpose::new(format!("call {number}")),
        to: Some(EthAddress([0x42; 20])),
        data: number.to_be_bytes().to_vec(),
    }
}

/// What providers do, in one call of several.
fn inject(node: &RpcProxy) {
    let error = |message: &str| Fault::Error {
        code: -32000,
        message: message.to_owned(),
    };
    let sending = [
        (1, 7, error("replacement transaction underpriced")),
        (2, 7, error("nonce too low")),
        (3, 9, Fault::LoseAnswer),
        (4, 9, Fault::Disconnect),
        // what was sent first arrives last
        (5, 3, Fault::Delay(Duration::from_millis(150))),
    ];
    for (seed, one_in, fault) in sending {
        node.inject(Rule::sometimes(seed, one_in, fault).on(&["eth_sendRawTransaction"]));
    }
    let always = [
        (6, 40, Fault::Status(503)),
        (7, 40, Fault::Status(429)),
        (8, 40, Fault::Truncate),
    ];
    for (seed, one_in, fault) in always {
        node.inject(Rule::sometimes(seed, one_in, fault));
    }
}

/// Makes blocks, forgets what waits, takes blocks back; until it is told to stop.
async fn weather(chain: &Anvil, stop: &AtomicBool, stormy: bool, reorgs: &AtomicU64, drops: &AtomicU64) {
    let mut blocks = 0u64;
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(BLOCK).await;
        blocks += u64::from(stormy);
        if stormy && blocks.is_multiple_of(DROP_EVERY) && chain.drop_pending().await.is_ok() {
            drops.fetch_add(1, Ordering::Relaxed);
        }
        if stormy && blocks.is_multiple_of(REORG_EVERY) {
            if chain.reorg(DEPTH).await.is_ok() {
                reorgs.fetch_add(1, Ordering::Relaxed);
            }
        } else {
            chain.mine(1).await.unwrap();
        }
    }
}

/// Submits until every call has landed once; what failed by the network is asked for again.
async fn submit_all(sender: &Sender, mut calls: Vec<Call>) {
    while !calls.is_empty() {
        let outcomes = sender.submit_all(calls.clone()).await;
        let failed = calls.into_iter().zip(outcomes).filter_map(|(call, outcome)| {
            let error = outcome.err()?;
            assert_eq!(error.remedy(), Remedy::Retry, "{error}");
            Some(call)
        });
        calls = failed.collect();
    }
}

/// How often each call is on the chain.
async fn mined(chain: &Anvil) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for call in chain.calls_since(0).await.unwrap() {
        if call.to.ends_with(&"42".repeat(20)) {
            assert!(call.succeeded);
            *counts.entry(call.input).or_insert(0) += 1;
        }
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_transactions_under_every_fault_are_each_mined_exactly_once() {
    let ((count, stormy), begun) = (asked(), Instant::now());
    let chain = Anvil::start().await.unwrap();
    chain.mine(DEPTH + 1).await.unwrap();
    chain.automine(false).await.unwrap();
    let node = RpcProxy::before(chain.url()).await.unwrap();
    let log: Arc<dyn IntentLog> = Arc::new(MemoryIntentLog::default());
    let settings = SendSettings {
        outbid_after: Duration::from_millis(1_500),
        give_up_after: Duration::from_secs(20),
        ..settings()
    };
    // two that share a key and its memory, as two processes do
    let mut senders = Vec::new();
    for _ in 0..2 {
        let rpc = connect(&[node.url()]).await;
        senders.push(Sender::new(rpc, wallet(0), log.clone(), settings));
    }
    if stormy {
        inject(&node);
    }
    let (stop, reorgs, drops) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let work = async {
        let (even, odd): (Vec<u32>, Vec<u32>) = (0..count).partition(|number| number.is_multiple_of(2));
        let calls = |numbers: Vec<u32>| numbers.into_iter().map(call).collect::<Vec<_>>();
        tokio::join!(
            submit_all(&senders[0], calls(even)),
            submit_all(&senders[1], calls(odd))
        );
        // nobody follows any more; whatever the last reorganisation took back is found again
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(work, weather(&chain, &stop, stormy, &reorgs, &drops));
    let (faults, calls) = (node.faults(), node.requests());
    node.heal();
    chain.automine(true).await.unwrap();
    let rpc = connect(&[chain.url()]).await;
    let sender = senders[0].address();
    loop {
        let found = recover(&rpc, log.as_ref(), sender).await.unwrap();
        if found.waiting.is_empty() {
            break;
        }
        chain.mine(1).await.unwrap();
    }
    let counts = mined(&chain).await;
    assert_eq!(counts.len(), count as usize, "some were never mined");
    assert!(
        counts.values().all(|times| *times == 1),
        "some were mined twice: {counts:?}"
    );
    let signed: usize = log
        .since(rpc.chain(), sender, 0)
        .await
        .unwrap()
        .iter()
        .map(|intent| intent.attempts.len())
        .sum();
    println!(
        "{count} transactions, each mined once, in {:.1} s: {faults} injected faults, {} reorganisations of {DEPTH} \
         blocks, everything pending forgotten {} times, {signed} signatures, {calls} requests",
        begun.elapsed().as_secs_f64(),
        reorgs.load(Ordering::Relaxed),
        drops.load(Ordering::Relaxed),
    );
}
