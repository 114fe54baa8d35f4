use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use maci_chain::deploy::{Deployed, Memory, MemoryError, Remembered, StepKey};
use maci_protocol::ids::ChainId;
use maci_store::{DeployedContract, DeploymentStep, StepLeft, Store, StoreError};

use crate::clock::Clock;
use crate::crash::crash_point_of;
use crate::networks::network_name;

/// What deployments did, in the store's tables and in `deployed-contracts.json`.
#[derive(Debug, Clone)]
pub(super) struct StoredDeployments {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl StoredDeployments {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

impl Memory for StoredDeployments {
    fn find<'a>(&'a self, key: &'a StepKey) -> BoxFuture<'a, Result<Option<Remembered>, MemoryError>> {
        async move {
            let found = self.store.deployments_done().find(&step(key)).await.map_err(failed)?;
            Ok(found.map(|left| Remembered {
                transaction: left.transaction,
                address: left.address,
                poll: left.poll,
            }))
        }
        .boxed()
    }

    fn has_begun<'a>(&'a self, chain: ChainId, deployment: &'a str) -> BoxFuture<'a, Result<bool, MemoryError>> {
        async move {
            let done = self.store.deployments_done();
            done.has_begun(chain, deployment).await.map_err(failed)
        }
        .boxed()
    }

    fn keep<'a>(
        &'a self,
        key: &'a StepKey,
        left: &'a Remembered,
        deployed: &'a [Deployed],
    ) -> BoxFuture<'a, Result<(), MemoryError>> {
        async move {
            let subject = || format!("deployment {}: {} ({})", key.deployment, key.step, key.fingerprint);
            crash_point_of("deployment-step-landed", subject);
            // the file first: what the table has is never asked for again
            let chain = network_name(key.chain);
            if !deployed.is_empty() {
                let file = self.store.deployments();
                file.update(|contracts| deployed.iter().for_each(|one| one.add_to(contracts, &chain)))
                    .map_err(failed)?;
            }
            crash_point_of("deployment-step-filed", subject);
            let contracts: Vec<_> = deployed.iter().filter_map(|one| contract(key, one)).collect();
            let left = StepLeft {
                transaction: left.transaction,
                address: left.address,
                poll: left.poll,
            };
            let done = self.store.deployments_done();
            let kept = done.keep(&step(key), &left, &contracts, self.clock.now()).await;
            kept.map_err(failed)?;
            crash_point_of("deployment-step-kept", subject);
            Ok(())
        }
        .boxed()
    }
}

fn failed(error: StoreError) -> MemoryError {
    MemoryError(Box::new(error))
}

fn step(key: &StepKey) -> DeploymentStep {
    DeploymentStep {
        chain: key.chain,
        deployment: key.deployment.clone(),
        step: key.step.clone(),
        fingerprint: key.fingerprint.clone(),
    }
}

/// What was deployed; nothing if it was there before.
fn contract(key: &StepKey, one: &Deployed) -> Option<DeployedContract> {
    Some(DeployedContract {
        chain: key.chain,
        address: one.address,
        contract: one.id.clone(),
        deployment: key.deployment.clone(),
        transaction: one.transaction?,
        arguments: one.arguments.clone(),
        libraries: one.libraries.clone(),
        poll: one.poll,
    })
}
