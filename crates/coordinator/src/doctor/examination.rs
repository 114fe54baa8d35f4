use std::path::PathBuf;
use std::sync::Arc;

use maci_chain::rpc::Endpoint;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::Store;

use super::{Diagnosis, chains, circuits, machine, polls};
use crate::chains::Chains;
use crate::clock::Clock;
use crate::finalise::KeySet;

/// What is looked at, and by what means.
#[derive(Debug, Clone)]
pub struct Examination {
    /// The endpoints of every chain.
    pub reaches: Vec<Reach>,
    /// The chains, for reading polls.
    pub chains: Chains,
    /// Who pays for gas, if that is known.
    pub sender: Option<EthAddress>,
    /// The proving keys.
    pub circuits: KeySet,
    /// The data folder.
    pub folder: PathBuf,
    /// Bytes that proofs may use together, if that is limited.
    pub memory: Option<u64>,
    /// Where watched polls are remembered, if there is such a place.
    pub store: Option<Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// A chain and how it is reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The chain, if it is said which one; else the endpoint says it.
    pub chain: Option<ChainId>,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

impl Examination {
    /// Looks at everything. Takes seconds when endpoints do not answer.
    pub async fn examine(&self) -> Diagnosis {
        let mut findings = chains::look(&self.reaches, self.sender, self.clock.now()).await;
        let (folder, circuits, memory) = (self.folder.clone(), self.circuits.clone(), self.memory);
        let here = tokio::task::spawn_blocking(move || {
            let mut findings = machine::look(&folder);
            findings.extend(circuits::look(&circuits, memory));
            findings
        });
        // it reads files only; if it dies, what it would have said is missing
        findings.extend(here.await.unwrap_or_default());
        if let Some(store) = &self.store {
            findings.extend(polls::look(store, &self.chains, &self.circuits).await);
        }
        Diagnosis { findings }
    }
}
