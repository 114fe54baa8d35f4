use std::path::PathBuf;

use maci_protocol::cid::ContentDigest;

/// A place where relayed batches may be found by the hash of their content.
pub trait RelayedBatches: Send + Sync {
    /// The bytes with this hash, if this place has them. Whoever asks has the bytes checked already.
    fn find(&self, digest: &ContentDigest) -> Option<Vec<u8>>;
}

/// Nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRelayedBatches;

impl RelayedBatches for NoRelayedBatches {
    fn find(&self, _: &ContentDigest) -> Option<Vec<u8>> {
        None
    }
}

/// A folder of backup files, named as upstream's tools name them (`0x<64 digits>.json`) or by their CID.
#[derive(Debug, Clone)]
pub struct RelayedFolder(pub PathBuf);

impl RelayedBatches for RelayedFolder {
    fn find(&self, digest: &ContentDigest) -> Option<Vec<u8>> {
        [digest.to_bytes32_hex(), digest.to_string(), digest.to_version_0()]
            .iter()
            .filter_map(|name| std::fs::read(self.0.join(format!("{name}.json"))).ok())
            .find(|bytes| ContentDigest::of(bytes) == *digest)
    }
}
