use std::sync::Arc;

use maci_chain::artifacts::Artifacts;
use maci_coordinator_core::finalise::{KeySet, ProvingLimits};
use maci_coordinator_core::ledger::{NoRelayedBatches, RelayedBatches, RelayedFolder};
use maci_coordinator_core::service::RoundSettings;
use maci_proving::witness::ModuleCache;

use crate::settings::Settings;

/// Where circuits with their keys are, and what they are called.
pub(crate) fn circuits(settings: &Settings) -> KeySet {
    let circuits = &settings.circuits;
    KeySet {
        root: circuits.folder.clone(),
        process: circuits.process.clone(),
        tally: circuits.tally.clone(),
        profile: circuits.profile,
        allow_development: circuits.allow_development_keys,
    }
}

/// Compiled witness calculators, kept beside the data.
pub(crate) fn modules(settings: &Settings) -> Arc<ModuleCache> {
    Arc::new(ModuleCache::in_folder(&settings.data_dir.join("modules")))
}

/// The official contracts, if they are installed; without them the service runs rounds and deploys none.
pub(crate) fn contracts(settings: &Settings) -> Option<Artifacts> {
    match Artifacts::open(&settings.contracts) {
        Ok(contracts) => Some(contracts),
        Err(error) => {
            tracing::warn!(%error, "the official contracts are not installed, so nothing can be deployed from here");
            None
        }
    }
}

/// Where relayed messages are found.
pub(crate) fn relayed(settings: &Settings) -> Arc<dyn RelayedBatches> {
    match &settings.relayed_batches {
        Some(folder) => Arc::new(RelayedFolder(folder.clone())),
        None => Arc::new(NoRelayedBatches),
    }
}

/// What proofs may take from the machine.
pub(crate) fn limits(settings: &Settings) -> ProvingLimits {
    ProvingLimits {
        parallel: settings.proving.parallel,
        memory: settings.proving.memory.map_or_else(available_memory, |memory| memory.0),
    }
}

/// How rounds are run.
pub(crate) fn rounds(settings: &Settings) -> RoundSettings {
    let rounds = &settings.rounds;
    RoundSettings {
        margin: rounds.margin.0.as_secs(),
        look_every: rounds.look_every.0,
        try_again_after: rounds.try_again_after.0,
        attempts: rounds.attempts,
        check_open_polls: rounds.check_open_polls,
    }
}

/// Three quarters of the memory that is free now; 4 GiB where the system does not say.
pub(crate) fn available_memory() -> u64 {
    let free = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    free.map_or(4 << 30, |kib| kib.saturating_mul(1024) / 4 * 3)
}
