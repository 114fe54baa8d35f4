use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cid::Cid;
use cid::multihash::Multihash;
use futures::future::{BoxFuture, FutureExt, join_all};
use libp2p_identity::PeerId;
use libp2p_swarm::Stream;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::bounds::FROM_STRANGERS;
use super::*;
use crate::message::{Delivered, Message};

/// What a node has; it may be something else than it should.
#[derive(Debug, Default)]
struct Kept(BTreeMap<Cid, Bytes>);

impl Blocks for Kept {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Option<Bytes>> {
        async move { self.0.get(cid).cloned() }.boxed()
    }

    fn has<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, bool> {
        async move { self.0.contains_key(cid) }.boxed()
    }
}

/// Nodes that run until the test ends.
#[derive(Default)]
struct Nodes {
    running: JoinSet<()>,
    started: u8,
}

impl Nodes {
    async fn start(&mut self, kept: Kept, peers: &[&str], connections: u32) -> Node {
        self.started += 1;
        let settings = NodeSettings {
            listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
            announce: Vec::new(),
            peers: peers.iter().map(|peer| peer.parse().unwrap()).collect(),
            connections,
        };
        let (node, serving) = Node::start(&mut [self.started; 32], settings, Arc::new(kept))
            .await
            .unwrap();
        self.running.spawn(serving.run());
        node
    }

    /// One that has blocks, and one that asks it.
    async fn two(&mut self, kept: Kept) -> Peer {
        let giver = self.start(kept, &[], 10).await;
        let asker = self.start(Kept::default(), &[&giver.addresses()[0]], 10).await;
        asker.peers()[0].clone()
    }
}

fn block(bytes: impl Into<Bytes>) -> (Cid, Bytes) {
    let bytes = bytes.into();
    let hash = Multihash::wrap(0x12, &Sha256::digest(&bytes)).unwrap();
    (Cid::new_v1(0x55, hash), bytes)
}

fn peer_of(node: &Node) -> PeerId {
    node.addresses()[0].parse::<PeerAddress>().unwrap().peer
}

#[tokio::test]
async fn what_was_published_comes_over_and_what_was_not_is_said_to_be_absent() {
    // the largest there may be, and many at once, more than fit a message or are asked for at the same time
    let mut blocks: Vec<(Cid, Bytes)> = (0..150u32)
        .map(|number| block(number.to_be_bytes().repeat(3000)))
        .collect();
    blocks.push(block(vec![7; 2 << 20]));
    let mut nodes = Nodes::default();
    let peer = nodes.two(Kept(blocks.iter().cloned().collect())).await;
    let asked = blocks
        .iter()
        .map(async |(cid, bytes)| peer.block(cid).await.as_ref() == Ok(bytes));
    assert!(join_all(asked).await.into_iter().all(|came| came));

    let (other, _) = block("not published");
    assert_eq!(peer.block(&other).await, Err(Miss::NotThere));
    let (cid, bytes) = &blocks[0];
    assert_eq!(
        peer.block(cid).await.as_ref(),
        Ok(bytes),
        "a block may be asked for again"
    );
}

#[tokio::test]
async fn other_bytes_than_were_asked_for_are_refused() {
    let (cid, _) = block("the vote");
    let (honest, bytes) = block("another vote");
    let forged = BTreeMap::from([(cid, Bytes::from_static(b"a forged vote")), (honest, bytes.clone())]);
    let mut nodes = Nodes::default();
    let peer = nodes.two(Kept(forged)).await;
    assert_eq!(peer.block(&cid).await, Err(Miss::Lied));
    assert_eq!(peer.block(&honest).await, Ok(bytes));
}

#[tokio::test]
async fn somebody_who_is_not_there_is_named_and_found_when_there() {
    let (cid, bytes) = block("late");
    let mut nodes = Nodes::default();
    let giver = nodes.start(Kept::default(), &[], 10).await;
    let address = giver.addresses()[0].clone();
    nodes.running.shutdown().await;
    let asker = nodes.start(Kept::default(), &[&address], 10).await;
    let missed = asker.peers()[0].block(&cid).await;
    assert!(matches!(missed, Err(Miss::Unreachable(_))), "{missed:?}");

    let (place, _) = address.split_once("/p2p/").unwrap();
    let settings = NodeSettings {
        listen: vec![place.parse().unwrap()],
        announce: vec!["/dns4/node.example/tcp/4001".parse().unwrap()],
        peers: Vec::new(),
        connections: 1,
    };
    let kept = Arc::new(Kept(BTreeMap::from([(cid, bytes.clone())])));
    let (again, serving) = Node::start(&mut [1; 32], settings, kept).await.unwrap();
    nodes.running.spawn(serving.run());
    assert_eq!(peer_of(&again), peer_of(&giver), "an identity is that of its secret");
    assert!(again.addresses()[0].starts_with("/dns4/node.example/tcp/4001/p2p/"));
    assert_eq!(asker.peers()[0].block(&cid).await, Ok(bytes));
}

#[tokio::test]
async fn an_address_that_is_taken_is_refused_by_name() {
    let mut nodes = Nodes::default();
    let first = nodes.start(Kept::default(), &[], 1).await;
    let (place, _) = first.addresses()[0].split_once("/p2p/").unwrap();
    let settings = NodeSettings {
        listen: vec![place.parse().unwrap()],
        announce: Vec::new(),
        peers: Vec::new(),
        connections: 1,
    };
    let refused = Node::start(&mut [9; 32], settings, Arc::new(Kept::default()))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains(place), "{refused}");
}

/// Whether the other side has given a stream up.
async fn is_broken_off(mut stream: Stream) -> bool {
    let ended = timeout(Duration::from_secs(20), frame::read(&mut stream, 1)).await;
    matches!(ended, Ok(Ok(None) | Err(frame::FrameError::Io(_))))
}

#[tokio::test]
async fn nobody_is_listened_to_who_says_more_than_is_asked() {
    let (cid, bytes) = block("kept");
    let mut nodes = Nodes::default();
    let kept = Kept(BTreeMap::from([(cid, bytes.clone())]));
    let giver = nodes.start(kept, &[], 10).await;
    let stranger = nodes.start(Kept::default(), &[&giver.addresses()[0]], 10).await;
    let (shared, giver) = (stranger.peers()[0].shared(), peer_of(&giver));

    // a block for one who has asked for nothing
    let mut stream = shared.open(giver).await.unwrap();
    let gift = Message {
        blocks: vec![Delivered::of(&cid, Bytes::from_static(b"take this"))],
        ..Message::default()
    };
    frame::write(&mut stream, &gift).await.unwrap();
    assert!(is_broken_off(stream).await);

    // more than a list of wants can be; its end is not even waited for
    let mut stream = shared.open(giver).await.unwrap();
    let large = Message {
        blocks: vec![Delivered::of(&cid, vec![0; FROM_STRANGERS].into())],
        ..Message::default()
    };
    let _ = frame::write(&mut stream, &large).await;
    assert!(is_broken_off(stream).await);

    assert_eq!(stranger.peers()[0].block(&cid).await, Ok(bytes));
}

#[tokio::test]
async fn there_is_room_for_so_many_and_no_more() {
    let (cid, bytes) = block("kept");
    let mut nodes = Nodes::default();
    let giver = nodes.start(Kept(BTreeMap::from([(cid, bytes.clone())])), &[], 1).await;
    let address = giver.addresses()[0].clone();
    let first = nodes.start(Kept::default(), &[&address], 1).await;
    assert_eq!(first.peers()[0].block(&cid).await, Ok(bytes));
    let second = nodes.start(Kept::default(), &[&address], 1).await;
    let refused = second.peers()[0].block(&cid).await;
    assert!(matches!(refused, Err(Miss::Unreachable(_))), "{refused:?}");
}
