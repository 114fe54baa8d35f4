//! A node of our own that others fetch from over Bitswap, where the settings ask for one and the binary has it.
//!
//! - `node`     the node, over the store's published blocks
//! - `absent`   what is said instead by a binary that was built without it

#[cfg(not(feature = "bitswap"))]
mod absent;
#[cfg(feature = "bitswap")]
mod node;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Result;
use maci_coordinator_core::doctor::Finding;
use maci_coordinator_core::ipfs::{IpfsSettings, Neighbour, TargetKind};
use maci_store::Store;

#[cfg(not(feature = "bitswap"))]
use absent as built;
#[cfg(feature = "bitswap")]
use node as built;

use crate::settings::Settings;

/// A node that listens, and serves while it runs.
pub(crate) struct Companion {
    /// Those whom it asks.
    neighbours: Vec<Arc<dyn Neighbour>>,
    /// Where others reach it.
    pub addresses: Vec<String>,
    /// Runs until it is dropped.
    pub serving: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// The node, listening; none if the settings ask for none.
pub(crate) async fn companion(settings: &Settings, store: &Store) -> Result<Option<Companion>> {
    match &settings.ipfs.bitswap {
        Some(bitswap) => Ok(Some(built::start(bitswap, &settings.data_dir, store).await?)),
        None => Ok(None),
    }
}

/// What can be said of the settings of a node.
pub(super) fn doubts(settings: &Settings) -> Option<Finding> {
    let bitswap = settings.ipfs.bitswap.as_ref()?;
    Some(match built::check(bitswap) {
        Ok(said) => Finding::good("bitswap", said),
        Err(error) => Finding::problem("bitswap", format!("{error:#}"), "mend or remove [ipfs.bitswap]"),
    })
}

impl Companion {
    /// Makes it part of where content is read from, and tells pinning services where to fetch.
    pub(crate) fn join(&self, ipfs: &mut IpfsSettings) {
        ipfs.neighbours.clone_from(&self.neighbours);
        ipfs.addresses.clone_from(&self.addresses);
        for target in &mut ipfs.targets {
            match &mut target.kind {
                TargetKind::PinningService { origins, .. } => origins.extend(self.addresses.iter().cloned()),
                TargetKind::Kubo { .. } => {}
            }
        }
    }
}

impl fmt::Debug for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Companion")
            .field("neighbours", &self.neighbours)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}
