use std::path::Path;
use std::time::Duration;

use maci_protocol::ids::ChainId;

use super::{ChainHealth, CircuitHealth, HealthReport, Service, ServiceError};
use crate::networks::network_name;
use crate::perform::aside;

/// How long one chain may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Service {
    /// How everything is; asks every described chain.
    ///
    /// # Errors
    /// Never because something is unwell: that is in the report.
    pub async fn health(&self) -> Result<HealthReport, ServiceError> {
        let parts = &self.means.parts;
        let chains = parts.chains.described().map(|chain| self.chain_health(chain));
        let chains = futures::future::join_all(chains).await;
        let root = parts.circuits.root.clone();
        let (proofs_running, proofs_waiting) = self.means.pool.load();
        Ok(HealthReport {
            store: parts.store.jobs().next_due().await.is_ok(),
            draining: self.is_draining(),
            locked: self.is_locked(),
            chains,
            circuits: aside(move || circuits(&root)).await?,
            running_jobs: self.runner.at_work(),
            proofs_running,
            proofs_waiting,
        })
    }

    async fn chain_health(&self, chain: ChainId) -> ChainHealth {
        let default = self.means.senders.settings().default_on(chain);
        let sender = self.means.senders.known_address(chain, &default);
        let mut health = ChainHealth {
            chain,
            name: network_name(chain),
            head: None,
            head_time: None,
            sender,
            balance: None,
            error: None,
        };
        let asked = tokio::time::timeout(PATIENCE, async {
            let head = self.means.parts.chains.rpc(chain).await?.head().await?;
            (health.head, health.head_time) = (Some(head.number), Some(head.timestamp));
            if let Some((address, wei)) = self.means.senders.balance(chain, &default).await? {
                (health.sender, health.balance) = (Some(address), Some(wei.to_string()));
            }
            Ok::<_, ServiceError>(())
        });
        health.error = match asked.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} seconds", PATIENCE.as_secs())),
        };
        health
    }
}

/// The circuits in a folder of the official layout.
fn circuits(root: &Path) -> Vec<CircuitHealth> {
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    let mut found: Vec<CircuitHealth> = entries
        .flatten()
        .filter_map(|entry| circuit(&entry.path(), entry.file_name().to_str()?))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn circuit(folder: &Path, name: &str) -> Option<CircuitHealth> {
    let there = |path: std::path::PathBuf| path.is_file().then(|| path.display().to_string());
    let keys = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut keys: Vec<_> = keys
        .filter(|path| path.extension().is_some_and(|kind| kind == "zkey"))
        .collect();
    keys.sort();
    let official = folder.join(format!("{name}.0.zkey"));
    let zkey = if official.is_file() {
        Some(official)
    } else {
        keys.into_iter().next()
    };
    let development_only = zkey
        .as_ref()
        .is_some_and(|path| path.to_string_lossy().contains("development"));
    let wasm = there(folder.join(format!("{name}_js/{name}.wasm")));
    let native = there(folder.join(format!("{name}_cpp/{name}")));
    if zkey.is_none() && wasm.is_none() && native.is_none() {
        return None;
    }
    Some(CircuitHealth {
        name: name.to_owned(),
        zkey: zkey.map(|path| path.display().to_string()),
        wasm,
        native,
        development_only,
    })
}
