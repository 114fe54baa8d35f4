use std::path::Path;

use anyhow::Result;
use maci_store::Store;

use super::Companion;
use crate::settings::BitswapSettings;

/// The settings ask for what this binary does not have.
#[derive(Debug, thiserror::Error)]
#[error(
    "[ipfs.bitswap] asks for a node of our own, which this binary was built without; take the section out, or build it with `cargo build -p maci-coordinator --features bitswap`"
)]
struct NotBuilt;

pub(super) async fn start(_: &BitswapSettings, _: &Path, _: &Store) -> Result<Companion> {
    Err(NotBuilt.into())
}

pub(super) fn check(_: &BitswapSettings) -> Result<String> {
    Err(NotBuilt.into())
}
