//! Whoever delivers, only the right bytes are taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use maci_coordinator_core::ipfs::{Block, Cid, Dag, Fetcher, Miss, Neighbour, ReadBack, read_file, resolve};

use crate::others::{Gateway, Kubo, Own, settings};

fn batch() -> Block {
    Block::json(&b"[{\"poll\":0}]"[..])
}

async fn honest(block: &Block) -> String {
    Gateway::Of(Arc::new(Dag::of_block(block))).start().await
}

fn misses(own: &maci_coordinator_core::ipfs::FetchError) -> Vec<Miss> {
    own.tried.iter().map(|tried| tried.miss.clone()).collect()
}

#[tokio::test]
async fn a_lying_gateway_is_named_and_the_next_one_is_believed_only_by_its_hash() {
    let (block, lying) = (batch(), Gateway::Lying.start().await);
    let own = Own::with(settings(&[&lying, &honest(&block).await], Vec::new())).await;
    assert_eq!(own.ipfs.fetch(&block.cid()).await.unwrap(), block.bytes());

    let other = Block::json(&b"[1]"[..]).cid();
    let error = own.ipfs.fetch(&other).await.unwrap_err();
    assert_eq!(misses(&error), [Miss::NotThere, Miss::Distrusted, Miss::NotThere]);
    let told = error.to_string();
    let address = lying.strip_prefix("http://").unwrap();
    assert!(told.contains(address) && told.contains(&other.to_string()), "{told}");
}

#[tokio::test]
async fn a_gateway_that_never_answers_holds_up_nobody() {
    let (block, silent) = (batch(), Gateway::Silent.start().await);
    let own = Own::with(settings(&[&silent, &honest(&block).await], Vec::new())).await;
    assert_eq!(own.ipfs.fetch(&block.cid()).await.unwrap(), block.bytes());
    assert!(matches!(
        own.ipfs.read_back(&block.cid()).await.unwrap(),
        ReadBack::From(_)
    ));
}

#[tokio::test]
async fn a_gateway_is_waited_for_only_so_long_and_heard_only_so_far() {
    let (silent, endless) = (Gateway::Silent.start().await, Gateway::Endless.start().await);
    let mut settings = settings(&[&silent, &endless], Vec::new());
    settings.limits.patience = std::time::Duration::from_millis(300);
    settings.limits.largest_block = 1 << 20;
    let mut found = misses(&Fetcher::new(&settings).fetch(&batch().cid()).await.unwrap_err());
    found.sort_by_key(|miss| matches!(miss, Miss::TooLarge { .. }));
    assert!(
        matches!(
            found.as_slice(),
            [Miss::Late { .. }, Miss::TooLarge { limit: 1_048_576 }]
        ),
        "{found:?}"
    );
}

#[tokio::test]
async fn what_is_only_here_is_told_to_be_only_here() {
    let block = batch();
    let own = Own::with(settings(&[], Vec::new())).await;
    own.ipfs.publish(&block, "a test").await.unwrap();
    assert_eq!(own.ipfs.read_back(&block.cid()).await.unwrap(), ReadBack::NoOtherWay);
    assert_eq!(own.ipfs.fetch(&block.cid()).await.unwrap(), block.bytes());

    let empty = Gateway::Of(Arc::new(Dag::of_block(&Block::json(&b"[]"[..]))))
        .start()
        .await;
    let own = Own::with(settings(&[&empty], Vec::new())).await;
    own.ipfs.publish(&block, "a test").await.unwrap();
    assert_eq!(
        misses(&own.ipfs.read_back(&block.cid()).await.unwrap_err()),
        [Miss::NotThere]
    );
}

#[tokio::test]
async fn a_kubo_node_that_pins_is_also_read_from() {
    let (block, kubo) = (batch(), Kubo::default());
    let target = kubo.target("home").await;
    let own = Own::with(settings(&[], vec![target.clone()])).await;
    own.ipfs.publish(&block, "a test").await.unwrap();
    let pinning = tokio::spawn(own.ipfs.clone().keep_pinning(Default::default()));
    while !kubo.has_pinned(&block.cid()) {
        tokio::task::yield_now().await;
    }
    pinning.abort();
    let elsewhere = Fetcher::new(&settings(&[], vec![target]));
    assert_eq!(&elsewhere.fetch(&block.cid()).await.unwrap().0, block.bytes());
}

/// Somebody who gives the same bytes whatever is asked for.
#[derive(Debug)]
struct Always(&'static str, Bytes);

impl Neighbour for Always {
    fn name(&self) -> &str {
        self.0
    }

    fn ask<'a>(&'a self, _: &'a Cid) -> BoxFuture<'a, Result<Bytes, Miss>> {
        async { Ok(self.1.clone()) }.boxed()
    }
}

#[tokio::test]
async fn neighbours_are_believed_only_by_the_hash_and_bear_no_witness() {
    let (block, empty) = (batch(), Gateway::Of(Arc::new(Dag::of_block(&Block::json(&b"[]"[..])))));
    let mut settings = settings(&[&empty.start().await], Vec::new());
    settings.neighbours = vec![
        Arc::new(Always("a liar", Bytes::from_static(b"[]"))),
        Arc::new(Always("a friend", block.bytes().clone())),
    ];
    let fetcher = Fetcher::new(&settings);
    let (bytes, from) = fetcher.fetch(&block.cid()).await.unwrap();
    assert_eq!((&bytes, from.as_str()), (block.bytes(), "a friend"));
    let other = fetcher.fetch(&Block::json(&b"[1]"[..]).cid()).await.unwrap_err();
    assert_eq!(misses(&other), [Miss::NotThere, Miss::Distrusted, Miss::Lied]);

    // what they have does not show that what is ours has come to others
    settings.gateways.clear();
    settings.neighbours.remove(0);
    let own = Own::with(settings).await;
    assert_eq!(own.ipfs.read_back(&block.cid()).await.unwrap(), ReadBack::NoOtherWay);
    assert_eq!(own.ipfs.fetch(&block.cid()).await.unwrap(), block.bytes());
}

#[tokio::test]
async fn a_directory_is_read_through_gateways_file_by_file() {
    let large = Bytes::from(vec![9; (5 << 20) + 1]);
    let files = BTreeMap::from([
        ("large.bin".to_owned(), large.clone()),
        ("a/b/small.json".to_owned(), Bytes::from_static(b"{}")),
    ]);
    let dag = Dag::directory(&files).unwrap();
    let root = dag.root();
    let gateway = Gateway::Of(Arc::new(dag)).start().await;
    let fetcher = Fetcher::new(&settings(&[&gateway], Vec::new()));
    let end = resolve(&fetcher, root, &["a", "b", "small.json"]).await.unwrap().end;
    assert_eq!(read_file(&fetcher, end, 10).await.unwrap(), Bytes::from_static(b"{}"));
    let end = resolve(&fetcher, root, &["large.bin"]).await.unwrap().end;
    assert_eq!(read_file(&fetcher, end, 6 << 20).await.unwrap(), large);
    assert!(read_file(&fetcher, end, 5 << 20).await.is_err());
    assert!(read_file(&fetcher, root, 10).await.is_err());
    assert!(resolve(&fetcher, root, &["a", "c"]).await.is_err());
}
