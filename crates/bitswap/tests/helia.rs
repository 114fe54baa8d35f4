//! Another implementation's node fetches from ours and gives to ours.
#![cfg(feature = "bitswap")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use cid::Cid;
use cid::multihash::Multihash;
use maci_bitswap::{Blocks, Miss, Node, NodeSettings};
use maci_testkit::HeliaPeer;
use serde_json::json;
use sha2::{Digest, Sha256};

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[derive(Debug)]
struct Kept(BTreeMap<Cid, Bytes>);

impl Blocks for Kept {
    fn block<'a>(&'a self, cid: &'a Cid) -> Later<'a, Option<Bytes>> {
        Box::pin(async move { self.0.get(cid).cloned() })
    }

    fn has<'a>(&'a self, cid: &'a Cid) -> Later<'a, bool> {
        Box::pin(async move { self.0.contains_key(cid) })
    }
}

fn json_block(text: &'static str) -> (Cid, Bytes) {
    let hash = Multihash::wrap(0x12, &Sha256::digest(text)).unwrap();
    (Cid::new_v1(0x0200, hash), text.into())
}

/// A node that runs until the test ends.
async fn node(kept: &[(Cid, Bytes)], peers: &[&str]) -> Node {
    let settings = NodeSettings {
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        announce: Vec::new(),
        peers: peers.iter().map(|peer| peer.parse().unwrap()).collect(),
        connections: 10,
    };
    let kept = Arc::new(Kept(kept.iter().cloned().collect()));
    let (node, serving) = Node::start(&mut [5; 32], settings, kept).await.unwrap();
    tokio::spawn(serving.run());
    node
}

#[tokio::test]
async fn helia_fetches_what_we_serve_and_is_told_what_we_do_not() {
    let (kept, bytes) = json_block(r#"{"votes":[1,2,3]}"#);
    let (unknown, _) = json_block(r#"{"votes":[]}"#);
    let node = node(&[(kept, bytes)], &[]).await;
    let address = &node.addresses()[0];
    let mut helia = HeliaPeer::start().await.unwrap();
    helia
        .act(&json!({ "action": "dial", "address": address }))
        .await
        .unwrap();
    let fetched = helia
        .act(&json!({ "action": "fetchJson", "cid": kept.to_string() }))
        .await;
    assert_eq!(fetched.unwrap()["value"], json!({ "votes": [1, 2, 3] }));

    let (_, peer) = address.rsplit_once('/').unwrap();
    for (cid, is_there) in [(kept, true), (unknown, false)] {
        let asked = json!({ "action": "presence", "cid": cid.to_string(), "peer": peer });
        assert_eq!(helia.act(&asked).await.unwrap()["has"], json!(is_there));
    }
}

#[tokio::test]
async fn we_fetch_what_only_helia_has_and_are_told_what_it_has_not() {
    let mut helia = HeliaPeer::start().await.unwrap();
    let added = helia
        .act(&json!({ "action": "json", "value": ["only", "here"] }))
        .await
        .unwrap();
    let cid: Cid = added["cid"].as_str().unwrap().parse().unwrap();
    let node = node(&[], &[helia.address()]).await;
    let peer = &node.peers()[0];
    assert_eq!(peer.block(&cid).await, Ok(Bytes::from_static(br#"["only","here"]"#)));
    let (unknown, _) = json_block("[]");
    assert_eq!(peer.block(&unknown).await, Err(Miss::NotThere));
}
