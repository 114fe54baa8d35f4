use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Result;
use maci_bitswap::{Blocks, Node, NodeSettings, Peer};
use maci_coordinator_core::ipfs::{Cid, Miss, Neighbour, digest_of};
use maci_custody::PeerKey;
use maci_store::{Found, Store};

use super::Companion;
use crate::settings::BitswapSettings;

/// What a future is here; the name of it that others have is in a crate that nothing else here needs.
type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Listens, with the identity of the data folder.
pub(super) async fn start(bitswap: &BitswapSettings, data_dir: &Path, store: &Store) -> Result<Companion> {
    let settings = read(bitswap)?;
    let mut secret = PeerKey::open_or_create(&data_dir.join("keys"))?.secret();
    let blocks = Arc::new(Published(store.clone()));
    let (node, serving) = Node::start(&mut secret, settings, blocks).await?;
    tracing::info!(addresses = ?node.addresses(), peers = node.peers().len(), "published blocks are served over Bitswap");
    let peers = node.peers().iter();
    Ok(Companion {
        neighbours: peers
            .map(|peer| Arc::new(Asked(peer.clone())) as Arc<dyn Neighbour>)
            .collect(),
        addresses: node.addresses().to_vec(),
        serving: Box::pin(serving.run()),
    })
}

/// What its settings come to, in words.
pub(super) fn check(bitswap: &BitswapSettings) -> Result<String> {
    let NodeSettings {
        listen,
        announce,
        peers,
        connections: _,
    } = read(bitswap)?;
    let told = if announce.is_empty() { listen } else { announce };
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    Ok(format!(
        "reached at {}; {} peers are asked",
        told.join(", "),
        peers.len()
    ))
}

fn read(bitswap: &BitswapSettings) -> Result<NodeSettings> {
    fn each<T: std::str::FromStr<Err = maci_bitswap::BadAddress>>(texts: &[String]) -> Result<Vec<T>> {
        let read = texts.iter().map(|text| text.parse());
        Ok(read.collect::<Result<_, _>>()?)
    }
    Ok(NodeSettings {
        listen: each(&bitswap.listen)?,
        announce: each(&bitswap.announce)?,
        peers: each(&bitswap.peers)?,
        connections: bitswap.connections,
    })
}

/// The blocks that were published here.
#[derive(Debug)]
struct Published(Store);

impl Blocks for Published {
    fn block<'a>(&'a self, cid: &'a Cid) -> Later<'a, Option<bytes::Bytes>> {
        Box::pin(async move {
            match self.0.blocks().get(&digest_of(cid)?).await {
                Ok(Found::Whole(bytes)) => Some(bytes.into()),
                Ok(Found::Missing) => None,
                Ok(Found::Damaged { place, reason }) => {
                    tracing::error!(%cid, place, reason, "a published block is damaged; publish it again");
                    None
                }
                Err(error) => {
                    tracing::warn!(%cid, %error, "a published block cannot be read");
                    None
                }
            }
        })
    }

    fn has<'a>(&'a self, cid: &'a Cid) -> Later<'a, bool> {
        Box::pin(async move {
            let Some(digest) = digest_of(cid) else {
                return false;
            };
            let looked = self.0.blocks().has(&digest).await;
            looked.unwrap_or_else(|error| {
                tracing::warn!(%cid, %error, "published blocks cannot be looked for");
                false
            })
        })
    }
}

/// A peer, as one more place to read from.
#[derive(Debug)]
struct Asked(Peer);

impl Neighbour for Asked {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn ask<'a>(&'a self, cid: &'a Cid) -> Later<'a, Result<bytes::Bytes, Miss>> {
        Box::pin(async move {
            self.0.block(cid).await.map_err(|miss| match miss {
                maci_bitswap::Miss::NotThere => Miss::NotThere,
                maci_bitswap::Miss::Lied => Miss::Lied,
                maci_bitswap::Miss::Uncheckable => Miss::Uncheckable,
                maci_bitswap::Miss::Unreachable(_) | maci_bitswap::Miss::Stopping => Miss::Failed(miss.to_string()),
            })
        })
    }
}
