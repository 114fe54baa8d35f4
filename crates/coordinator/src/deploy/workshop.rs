use std::sync::Arc;

use maci_chain::artifacts::Artifacts;
use maci_chain::deploy::{self, Contracts, DeployError, Design, KeySet, MaciDesign, ModeKeys, Plan, Watch};
use maci_chain::rpc::Rpc;
use maci_chain::send::Submit;
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::poll::{Mode, TreeDepths};
use maci_store::Store;

use super::Reuse;
use super::known::{OperatorList, known};
use super::memory::StoredDeployments;
use crate::clock::Clock;
use crate::finalise::KeySet as Circuits;
use crate::service::ServiceError;

/// Where deployments are designed, planned and done: one chain, the contracts' artifacts, the circuits whose keys are
/// registered, and the record of what was done.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The chain.
    pub rpc: Rpc,
    /// The compiled official contracts.
    pub artifacts: Artifacts,
    /// The record.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The circuits.
    pub circuits: Circuits,
    /// The operator's own list of contracts.
    pub listed: OperatorList,
}

impl Workshop {
    /// What applying a design would do and cost. Nothing is sent.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with every complaint; else why it cannot be told.
    pub async fn plan(&self, caller: EthAddress, design: &Design, reuse: Reuse) -> Result<Plan, ServiceError> {
        let chain = self.rpc.chain();
        let known = known(&self.store, &self.listed, chain, reuse).await?;
        let memory = self.memory();
        let planned = deploy::plan(&self.rpc, &self.artifacts, caller, &memory, &known, design).await;
        planned.map_err(failed(design, chain))
    }

    /// Brings a design about. Again, it goes on where it was.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with every complaint, before anything is sent; else why it stopped.
    pub async fn apply(
        &self,
        submit: &dyn Submit,
        design: &Design,
        reuse: Reuse,
        watch: Watch<'_>,
    ) -> Result<Contracts, ServiceError> {
        let chain = self.rpc.chain();
        let known = known(&self.store, &self.listed, chain, reuse).await?;
        let memory = self.memory();
        let applied = deploy::apply(&self.rpc, &self.artifacts, submit, &memory, &known, design, watch).await;
        applied.map_err(failed(design, chain))
    }

    fn memory(&self) -> StoredDeployments {
        StoredDeployments::new(self.store.clone(), self.clock.clone())
    }

    /// The verifying keys of the circuits of a size, for several modes.
    ///
    /// # Errors
    /// When no circuit has the size, or its keys are not here.
    pub fn keys(&self, depths: TreeDepths, batch: u8, modes: &[Mode]) -> Result<KeySet, ServiceError> {
        keys(&self.circuits, depths, batch, modes)
    }
}

/// The verifying keys of circuits of a size, for several modes.
///
/// # Errors
/// When no circuit has the size, or its keys are not here.
pub fn keys(circuits: &Circuits, depths: TreeDepths, batch: u8, modes: &[Mode]) -> Result<KeySet, ServiceError> {
    let (state, vote) = (depths.state_tree(), depths.vote_option_tree());
    let open = |circuit: CircuitId, name: Option<&str>, mode| -> Result<VerifyingKey, ServiceError> {
        let artifacts = circuits.open(circuit, name, mode)?;
        Ok(artifacts.verifying_key().clone())
    };
    let circuit =
        |template, parameters: &[u8]| CircuitId::with_parameters(template, parameters).map_err(ServiceError::invalid);
    let mut of_modes = Vec::new();
    for mode in modes.iter().copied() {
        let process = circuit(Template::MessageProcessor(mode), &[state, batch, vote])?;
        let tally = [state, depths.tally_processing_state_tree(), vote];
        let tally = circuit(Template::vote_tally(mode), &tally)?;
        of_modes.push(ModeKeys {
            mode,
            process: open(process, circuits.process.as_deref(), mode)?,
            tally: open(tally, circuits.tally.as_deref(), mode)?,
        });
    }
    let any = Mode::Qv;
    Ok(KeySet {
        depths,
        message_batch_size: batch,
        poll_joining: open(circuit(Template::PollJoining, &[state])?, None, any)?,
        poll_joined: open(circuit(Template::PollJoined, &[state])?, None, any)?,
        modes: of_modes,
    })
}

fn failed(design: &Design, chain: ChainId) -> impl FnOnce(DeployError) -> ServiceError {
    let what = match (&design.maci, design.polls.is_empty()) {
        (MaciDesign::New(_), _) => "MACI",
        (MaciDesign::There { .. }, false) => "a poll",
        (MaciDesign::There { .. }, true) => "verifying keys",
    };
    move |error| match error {
        DeployError::Refused { complaints } => ServiceError::Refused { complaints },
        source => ServiceError::Deploy { what, chain, source },
    }
}
