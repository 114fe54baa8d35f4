//! Polls' files and the record of deployments.

use crate::sample::{poll, store};
use maci_protocol::files::Instance;
use maci_protocol::ids::{EthAddress, TxHash};
use maci_store::{Store, StoreError};

#[tokio::test]
async fn a_polls_files_are_listed_by_name_and_read_back() {
    let (_folder, store) = store().await;
    let files = store.poll_folder(&poll(4)).unwrap();
    assert_eq!(files.read("tally.json").unwrap(), None);
    files.write_atomically("tally.json", b"{}").unwrap();
    files.write_atomically("process_0.json", b"[]").unwrap();
    let _lock = store.lock_poll(&poll(4), "test").await.unwrap();
    assert_eq!(files.list().unwrap(), ["process_0.json", "tally.json"]);
    assert_eq!(files.read("process_0.json").unwrap().unwrap(), b"[]");
    assert!(files.path().ends_with(format!("31337-0x{}-4", "07".repeat(20))));
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_refused() {
    let (_folder, store) = store().await;
    let files = store.poll_folder(&poll(0)).unwrap();
    for name in [
        "",
        "..",
        ".lock",
        "../tally.json",
        "a/b",
        "a\\b",
        "C:x",
        "tally\0",
        "ü",
        &"x".repeat(201),
    ] {
        assert!(
            matches!(files.write_atomically(name, b""), Err(StoreError::BadName { .. })),
            "{name:?}"
        );
        assert!(matches!(files.read(name), Err(StoreError::BadName { .. })), "{name:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn files_and_folders_are_for_their_owner_alone() {
    use std::os::unix::fs::MetadataExt;

    let outer = tempfile::tempdir().unwrap();
    let store = Store::open(outer.path().join("data")).await.unwrap();
    let files = store.poll_folder(&poll(0)).unwrap();
    files.write_atomically("process_0.json", b"{}").unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(store.folder()), 0o700);
    for file in ["coordinator.sqlite", "coordinator.sqlite-wal"] {
        assert_eq!(mode(&store.folder().join(file)), 0o600);
    }
    assert_eq!(mode(files.path()), 0o700);
    assert_eq!(mode(&files.path().join("process_0.json")), 0o600);
}

fn instance(id: &str) -> Instance {
    Instance {
        id: id.to_owned(),
        deployment_tx_hash: Some(TxHash([1; 32])),
        verify: None,
    }
}

#[tokio::test]
async fn deployments_by_many_at_once_are_all_kept() {
    let (_folder, store) = store().await;
    assert_eq!(store.deployments().read().unwrap().chains().count(), 0);
    let writers: Vec<_> = (1..=8u8)
        .map(|number| {
            let deployments = store.deployments();
            std::thread::spawn(move || {
                deployments.update(|file| {
                    file.add(
                        "localhost",
                        None,
                        EthAddress([number; 20]),
                        instance(&format!("Contract{number}")),
                    );
                })
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap().unwrap();
    }
    let file = store.deployments().read().unwrap();
    for number in 1..=8u8 {
        let found = file.lookup("localhost", &format!("Contract{number}"), None).unwrap();
        assert_eq!(found.address, EthAddress([number; 20]));
    }
}

#[tokio::test]
async fn a_damaged_record_of_deployments_is_an_error_and_is_not_overwritten() {
    let (_folder, store) = store().await;
    let deployments = store.deployments();
    std::fs::write(deployments.path(), b"{\"localhost\": ").unwrap();
    assert!(matches!(deployments.read(), Err(StoreError::DamagedFile { .. })));
    assert!(matches!(
        deployments.update(|_| ()),
        Err(StoreError::DamagedFile { .. })
    ));
    assert_eq!(std::fs::read(deployments.path()).unwrap(), b"{\"localhost\": ");
}
