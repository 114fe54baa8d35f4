use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt};
use maci_chain::logs::{ContractEvent, decode};
use maci_protocol::cid::ContentDigest;
use maci_protocol::ledger::RawLog;

/// Batches that are looked for at the same time.
const AT_ONCE: usize = 8;

/// A place where relayed batches may be found by the hash of their content.
pub trait RelayedBatches: Send + Sync {
    /// The bytes with this hash, if this place has them.
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>>;
}

/// Nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRelayedBatches;

impl RelayedBatches for NoRelayedBatches {
    fn find(&self, _: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        async { None }.boxed()
    }
}

/// A folder of backup files, named as upstream's tools name them (`0x<64 digits>.json`) or by their CID.
#[derive(Debug, Clone)]
pub struct RelayedFolder(pub PathBuf);

impl RelayedBatches for RelayedFolder {
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        async move {
            for name in [digest.to_bytes32_hex(), digest.to_string(), digest.to_version_0()] {
                let read = tokio::fs::read(self.0.join(format!("{name}.json"))).await;
                if let Some(bytes) = read.ok().filter(|bytes| ContentDigest::of(bytes) == digest) {
                    return Some(bytes);
                }
            }
            None
        }
        .boxed()
    }
}

/// Several places, asked in this order.
#[derive(Clone)]
pub struct FirstOf(pub Vec<Arc<dyn RelayedBatches>>);

impl fmt::Debug for FirstOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FirstOf").field(&self.0.len()).finish()
    }
}

impl RelayedBatches for FirstOf {
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        async move {
            for place in &self.0 {
                let found = place.find(digest).await;
                // whoever answers: what has another hash is something else
                if let Some(bytes) = found.filter(|bytes| ContentDigest::of(bytes) == digest) {
                    return Some(bytes);
                }
            }
            None
        }
        .boxed()
    }
}

/// The relayed batches that a poll's logs announce, as far as they were found.
#[derive(Debug, Clone, Default)]
pub struct Gathered(BTreeMap<ContentDigest, Vec<u8>>);

impl Gathered {
    /// Looks for all of them.
    pub async fn of(logs: &[RawLog], places: &dyn RelayedBatches) -> Self {
        let announced: BTreeSet<ContentDigest> = logs
            .iter()
            .filter_map(|log| match decode(log) {
                Ok(Some(ContractEvent::IpfsHashAdded { digest })) => Some(ContentDigest(digest)),
                // what cannot be read is told when it is its turn
                Ok(_) | Err(_) => None,
            })
            .collect();
        let found = stream::iter(announced)
            .map(|digest| async move { places.find(digest).await.map(|bytes| (digest, bytes)) })
            .buffer_unordered(AT_ONCE)
            .filter_map(|found| async { found })
            .collect()
            .await;
        Self(found)
    }

    /// The bytes of one.
    #[must_use]
    pub fn get(&self, digest: &ContentDigest) -> Option<&[u8]> {
        self.0.get(digest).map(Vec::as_slice)
    }
}
