use cid::Cid;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::cid::ContentDigest;
use maci_store::Relay;

use super::submission::file_of;
use crate::ipfs::{Codec, Ipfs, cid_of};
use crate::ledger::RelayedBatches;

/// The content of batches made here, from the messages themselves.
#[derive(Debug, Clone)]
pub(crate) struct KeptBatches(pub(crate) Relay);

/// The content of batches that others publish.
#[derive(Debug, Clone)]
pub(crate) struct PublishedBatches(pub(crate) Ipfs);

impl RelayedBatches for KeptBatches {
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        async move {
            let batch = self.0.batch_of(&digest.0).await.ok().flatten()?;
            let rows = self.0.messages_of(&batch.poll, batch.number).await.ok()?;
            file_of(batch.poll, &rows)
        }
        .boxed()
    }
}

impl RelayedBatches for PublishedBatches {
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        async move {
            match self.0.fetch(&name_of(&digest)).await {
                Ok(bytes) => Some(bytes.to_vec()),
                Err(error) => {
                    tracing::warn!(%digest, %error, "relayed messages are missing");
                    None
                }
            }
        }
        .boxed()
    }
}

/// The identifier that a relayed batch is published under.
pub(super) fn name_of(digest: &ContentDigest) -> Cid {
    cid_of(Codec::Json, digest)
}
