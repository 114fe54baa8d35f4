//! One circuit of a poll: its files, and what proving with them takes.

use std::sync::Arc;

use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts, MemoryNeed, Prover};

use super::FinaliseError;
use super::pool::Footprint;

/// A circuit whose key is loaded at most once in a process.
pub(super) struct Circuit {
    pub(super) artifacts: CircuitArtifacts,
    modules: Arc<ModuleCache>,
    need: MemoryNeed,
}

impl Circuit {
    /// A circuit of which nothing is loaded yet.
    ///
    /// # Errors
    /// When the key's header cannot be read.
    pub(super) fn new(artifacts: CircuitArtifacts, modules: Arc<ModuleCache>) -> Result<Arc<Self>, FinaliseError> {
        let need = Backend::default().memory_need(artifacts.zkey());
        let need =
            need.map_err(|error| FinaliseError::Prove(maci_proving::artifacts::ArtifactError::from(error).into()))?;
        Ok(Arc::new(Self {
            artifacts,
            modules,
            need,
        }))
    }

    /// What one proof takes.
    pub(super) fn footprint(&self) -> Footprint {
        Footprint {
            circuit: self.artifacts.zkey_path().to_owned(),
            key: self.need.key,
            working: self.need.witness.max(self.need.proof),
        }
    }

    /// Loads key and calculator.
    ///
    /// # Errors
    /// When a file cannot be used.
    pub(super) fn load(&self, backend: Backend) -> Result<Prover, FinaliseError> {
        Ok(Prover::load(&self.artifacts, backend, &self.modules)?)
    }
}
