//! A process dies between asking somebody to pin and noting what came of it; the next one goes on.

use std::env::{current_exe, var_os};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use maci_coordinator_core::clock::MovedClock;
use maci_coordinator_core::ipfs::{Block, Cid, Ipfs, PinState, TargetKind, TargetSettings};
use maci_protocol::time::Timestamp;
use maci_store::Store;
use maci_testkit::crash::Crashes;

use crate::others::{Kubo, TOKEN, settings};

/// What the process of a test is told: where, who is to pin, and what.
const TOLD: [&str; 3] = ["MACI_TEST_FOLDER", "MACI_TEST_PINS", "MACI_TEST_ROOTS"];

/// Where pinning can be cut short.
const POINTS: [&str; 2] = ["pin-asked", "pin-noted"];

fn home(rpc: &str) -> TargetSettings {
    TargetSettings {
        name: "home".to_owned(),
        kind: TargetKind::Kubo {
            rpc: rpc.parse().unwrap(),
            token: Some(TOKEN.into()),
        },
    }
}

async fn ipfs(folder: &Path, rpc: &str) -> Ipfs {
    let store = Store::open(folder).await.unwrap();
    let clock = MovedClock::at(Timestamp::from_unix_seconds(1_700_000_000));
    Ipfs::new(store, Arc::new(clock), &settings(&[], vec![home(rpc)]))
}

/// Whether all of these are noted to be pinned.
async fn are_pinned(ipfs: &Ipfs, roots: &[Cid]) -> bool {
    for root in roots {
        let state = ipfs.state(root).await.unwrap().unwrap();
        if state.pins.iter().any(|pin| pin.state != PinState::Pinned) {
            return false;
        }
    }
    true
}

/// A process that the other test starts and kills. Started with all tests it has nothing to do.
#[tokio::test]
async fn a_process_pins_until_it_is_pinned() {
    let told: Option<Vec<String>> = TOLD.map(|name| var_os(name)?.into_string().ok()).into_iter().collect();
    let Some([folder, rpc, roots]) = told.as_deref() else {
        return;
    };
    let roots: Vec<Cid> = roots.split(',').map(|root| root.parse().unwrap()).collect();
    let ipfs = ipfs(Path::new(folder), rpc).await;
    let pinning = tokio::spawn(ipfs.clone().keep_pinning(Default::default()));
    while !are_pinned(&ipfs, &roots).await {
        tokio::task::yield_now().await;
    }
    pinning.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_asking_and_noting_the_next_process_asks_again_and_everything_is_pinned() {
    let (folder, kubo) = (tempfile::tempdir().unwrap(), Kubo::default());
    let TargetKind::Kubo { rpc, .. } = kubo.target("home").await.kind else {
        unreachable!()
    };
    let rpc = format!("http://{rpc}");
    let before = ipfs(folder.path(), &rpc).await;
    let mut roots = Vec::new();
    for bytes in [&b"[1]"[..], b"[2]", b"[3]"] {
        let block = Block::json(Bytes::from_static(bytes));
        roots.push(before.publish(&block, "a test").await.unwrap());
    }
    drop(before);

    let names: Vec<String> = roots.iter().map(Cid::to_string).collect();
    let told = [folder.path().to_str().unwrap().to_owned(), rpc.clone(), names.join(",")];
    let command = move || {
        let mut command = std::process::Command::new(current_exe().unwrap());
        command.args(["dying::a_process_pins_until_it_is_pinned", "--exact"]);
        command.envs(TOLD.into_iter().zip(told.clone()));
        command
    };
    let all = POINTS.iter().fold(Crashes::of(command), |runs, point| runs.at(*point));
    let runs = tokio::task::spawn_blocking(move || all.until_done())
        .await
        .unwrap()
        .unwrap();
    let died: Vec<String> = runs
        .into_iter()
        .filter(|run| run.crashed())
        .filter_map(|run| run.told)
        .collect();
    assert_eq!(died, POINTS);

    let after = ipfs(folder.path(), &rpc).await;
    for root in &roots {
        assert!(kubo.has_pinned(root), "{root} is not pinned");
    }
    assert!(are_pinned(&after, &roots).await);
}
