use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::ipfs::{Block, Ipfs};
use maci_protocol::files::RelayedBatch;
use serde_json::json;

use crate::build;
use crate::cli::Relay;
use crate::world::World;

/// Relayed messages that were kept elsewhere.
pub(crate) async fn relay(world: &World, command: Relay) -> Result<()> {
    let Relay::Import { files } = command;
    let store = world.store().await?;
    let ipfs = Ipfs::new(store, Arc::new(SystemClock), &build::ipfs(&world.settings));
    let mut imported = Vec::new();
    for path in listed(&files)? {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        RelayedBatch::parse(&bytes).with_context(|| format!("{} holds no relayed messages", path.display()))?;
        let block = Block::json(bytes);
        let named = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let digest = block.digest();
        let own = [digest.to_bytes32_hex(), digest.to_string(), digest.to_version_0()];
        if !named.is_some_and(|named| own.contains(&named)) {
            world.output.say(&format!(
                "warning: {} is not named by its content, which is {}",
                path.display(),
                digest.to_bytes32_hex()
            ));
        }
        let cid = ipfs.publish(&block, "relayed messages, imported").await?;
        imported.push(json!({ "cid": cid.to_string(), "bytes32": digest.to_bytes32_hex(), "file": path }));
    }
    let text = format!("{} batches of relayed messages are kept and published", imported.len());
    world
        .output
        .result(&json!({ "event": "imported", "batches": imported }), &text);
    Ok(())
}

/// The files named, and the JSON files in the folders named.
fn listed(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(in_folder(path)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    Ok(files)
}
