//! Another implementation comes to the same identifiers, and reads what ours made.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use maci_coordinator_core::ipfs::{Block, Dag};
use maci_testkit::{Helia, places};
use serde_json::{Value, json};

use crate::others::Gateway;

/// Standard base64, for a script that reads it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number =
            three.iter().fold(0u32, |number, byte| (number << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn files() -> BTreeMap<String, Bytes> {
    let mut files: BTreeMap<String, Bytes> = (0..40)
        .map(|number| {
            (
                format!("proofs/0/process_{number}.json"),
                Bytes::from(format!("[{number}]")),
            )
        })
        .collect();
    // two chunks and a bit, each different
    let large: Vec<u8> = (0..(2u32 << 20) + 77).map(|at| (at >> 9) as u8).collect();
    files.insert("large.bin".to_owned(), large.into());
    files.insert("empty.json".to_owned(), Bytes::new());
    files.insert("tally.json".to_owned(), Bytes::from_static(b"{}"));
    files
}

fn cid(answer: &Value) -> &str {
    answer["cid"].as_str().unwrap()
}

#[tokio::test]
async fn helia_gives_batches_files_and_directories_the_identifiers_that_we_give_them() {
    let vectors = std::fs::read_to_string(places::workspace_root().join("vectors/ipfs_cid.json")).unwrap();
    let vectors: Value = serde_json::from_str(&vectors).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let mut actions: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "action": "json", "value": case["messages"] }))
        .collect();
    let files = files();
    let encoded: BTreeMap<&String, String> = files.iter().map(|(path, bytes)| (path, base64(bytes))).collect();
    actions.push(json!({ "action": "directory", "files": encoded }));
    actions.push(json!({ "action": "file", "content": base64(&files["large.bin"]) }));
    let answers = Helia::find().unwrap().run(None, &actions).await.unwrap();

    let (batches, rest) = answers.split_at(cases.len());
    for (case, answer) in cases.iter().zip(batches) {
        let text = case["jsonText"].as_str().unwrap();
        assert_eq!(cid(answer), case["cidV1"]);
        assert_eq!(Block::json(text.as_bytes().to_vec()).cid().to_string(), cid(answer));
    }
    assert_eq!(cid(&rest[0]), Dag::directory(&files).unwrap().root().to_string());
    assert_eq!(cid(&rest[1]), Dag::file(&files["large.bin"]).root().to_string());
}

#[tokio::test]
async fn helia_reads_our_directories_through_a_trustless_gateway_and_finds_every_byte() {
    let files = files();
    let dag = Dag::directory(&files).unwrap();
    let root = dag.root().to_string();
    let gateway = Gateway::Of(Arc::new(dag)).start().await;
    let actions = [json!({ "action": "fetchTree", "cid": root })];
    let answers = Helia::find().unwrap().run(Some(&gateway), &actions).await.unwrap();
    let read = answers[0]["files"].as_object().unwrap();
    assert_eq!(read.len(), files.len());
    for (path, bytes) in &files {
        assert!(read[path] == json!(base64(bytes)), "{path}");
    }
}
