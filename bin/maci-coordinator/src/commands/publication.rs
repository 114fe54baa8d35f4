use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use maci_chain::rpc::Finality;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::ipfs::{Car, Ipfs, read_file, resolve};
use maci_coordinator_core::ledger::Follow;
use maci_coordinator_core::publication::{Gather, Gathered, paths};
use serde_json::json;

use crate::build;
use crate::cli::Publication;
use crate::world::World;

/// Everything a final poll's result rests on, put together.
pub(crate) async fn publication(world: &World, command: Publication) -> Result<()> {
    let Publication::Export { which, car, into } = command;
    let reader = super::poll::reader(world, &which).await?;
    let store = world.store().await?;
    let ipfs = Ipfs::new(store.clone(), Arc::new(SystemClock), &build::ipfs(&world.settings));
    let relayed = build::relayed(&world.settings);
    let gather = Gather {
        reader: &reader,
        store: &store,
        relayed: relayed.as_ref(),
        ipfs: &ipfs,
        follow: Follow {
            finality: Finality::Depth(0),
            start: None,
        },
    };
    let gathered = gather.gather().await?;
    let root = gathered.dag.root();
    let mut written = Vec::new();
    if let Some(file) = car {
        let bytes = in_order(&gathered).await?;
        std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        written.push(file);
    }
    if let Some(folder) = into {
        unpack(&gathered, &folder).await?;
        written.push(folder);
    }
    let files = gathered.manifest.files.len();
    let places: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    let value = json!({ "event": "publication", "root": root.to_string(), "files": files, "written": places });
    let text = format!("{root}: {files} files, written to {}", places.join(" and "));
    world.output.result(&value, &text);
    Ok(())
}

/// A CAR with the root first and every file's blocks where a reader meets them.
async fn in_order(gathered: &Gathered) -> Result<Vec<u8>> {
    let dag = &gathered.dag;
    let blocks = maci_coordinator_core::ipfs::walk(dag, dag.root()).await?;
    Ok(Car::write(dag.root(), blocks.iter().map(|(cid, bytes)| (cid, bytes))))
}

async fn unpack(gathered: &Gathered, folder: &Path) -> Result<()> {
    let names = gathered.manifest.files.keys().map(String::as_str);
    for path in names.chain([paths::MANIFEST]) {
        let steps: Vec<&str> = path.split('/').collect();
        let end = resolve(&gathered.dag, gathered.dag.root(), &steps).await?.end;
        let bytes = read_file(&gathered.dag, end, usize::MAX).await?;
        let file = folder.join(path);
        let parent = file.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        std::fs::write(&file, &bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
