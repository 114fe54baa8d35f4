use std::collections::BTreeMap;

use alloy::eips::BlockId;
use alloy::sol_types::{SolCall, SolEvent};
use maci_protocol::ids::{EthAddress, PollId};

use super::policy::PolicyRow;
use super::{DeployError, Deployed, PolicyKind};
use crate::artifacts::{Artifacts, ContractSource, Libraries};
use crate::contracts::factories::{IFactory, IPolicyFactory};
use crate::contracts::policies::IPolicy;
use crate::reader::ReadError;
use crate::rpc::Rpc;
use crate::send::{Call, Landed, Purpose, Submit};
use crate::words::{address, eth_address};

/// Does a deployment's steps, and remembers what they made.
pub struct Deployer<'a> {
    pub(super) rpc: &'a Rpc,
    pub(super) artifacts: &'a Artifacts,
    submit: &'a dyn Submit,
    label: String,
    libraries: Libraries,
    deployed: Vec<Deployed>,
    watch: &'a mut (dyn FnMut(&Deployed) + Send + Sync),
}

impl<'a> Deployer<'a> {
    /// A deployment under a label. The same label continues the same deployment; `watch` hears of
    /// every contract as soon as it is there, again when a deployment is continued.
    pub fn new(
        rpc: &'a Rpc,
        artifacts: &'a Artifacts,
        submit: &'a dyn Submit,
        label: impl Into<String>,
        watch: &'a mut (dyn FnMut(&Deployed) + Send + Sync),
    ) -> Self {
        Self {
            rpc,
            artifacts,
            submit,
            label: label.into(),
            libraries: Libraries::default(),
            deployed: Vec::new(),
            watch,
        }
    }

    /// Who deploys, and will own what has an owner.
    pub fn caller(&self) -> EthAddress {
        self.submit.caller()
    }

    /// Everything deployed so far.
    pub fn deployed(&self) -> &[Deployed] {
        &self.deployed
    }

    /// Deploys a contract. `arguments` are ABI-encoded, `shown` is how the record tells them.
    pub(super) async fn contract(
        &mut self,
        source: ContractSource,
        id: &str,
        arguments: &[u8],
        shown: Option<String>,
    ) -> Result<EthAddress, DeployError> {
        let code = self.artifacts.contract(source)?.init_code(&self.libraries, arguments)?;
        let landed = self.call(id, None, code.to_vec()).await?;
        let at = landed.created.ok_or_else(|| self.nothing_left(id, "contract"))?;
        let libraries = shown.as_ref().and_then(|_| self.libraries_as_json());
        self.remember(id, at, &landed, shown, libraries);
        Ok(at)
    }

    /// Deploys a library and links everything after it with it.
    pub(super) async fn library(&mut self, source: ContractSource) -> Result<(), DeployError> {
        let at = self.contract(source, source.name, &[], None).await?;
        self.libraries.insert(source, at);
        Ok(())
    }

    /// Has a factory make a clone.
    pub(super) async fn clone_from(
        &mut self,
        factory: EthAddress,
        id: &str,
        call: Vec<u8>,
    ) -> Result<EthAddress, DeployError> {
        let landed = self.call(id, Some(factory), call).await?;
        let made = landed.logs.iter().filter(|log| log.address == factory);
        let at = made
            .filter_map(clone_named_in)
            .next()
            .ok_or_else(|| self.nothing_left(id, "CloneDeployed event"))?;
        self.remember(id, at, &landed, None, None);
        Ok(at)
    }

    /// Deploys a policy that guards nothing yet.
    pub(super) async fn policy(&mut self, kind: &PolicyKind) -> Result<EthAddress, DeployError> {
        let PolicyRow {
            checker_factory,
            policy_factory,
            checker_call,
        } = kind.row();
        let checkers = self
            .contract(checker_factory, &checker_factory.to_string(), &[], None)
            .await?;
        let checker = self
            .clone_from(checkers, &PolicyRow::made_by(checker_factory), checker_call)
            .await?;
        let policies = self
            .contract(policy_factory, &policy_factory.to_string(), &[], None)
            .await?;
        let call = IPolicyFactory::deployCall {
            _checkerAddress: address(checker),
        };
        self.clone_from(policies, &PolicyRow::made_by(policy_factory), call.abi_encode())
            .await
    }

    /// Makes a policy guard its target, once.
    pub(super) async fn guard(&mut self, policy: EthAddress, target: EthAddress) -> Result<(), DeployError> {
        let contract = IPolicy::new(address(policy), self.rpc.provider().clone());
        let guarded = contract.guarded().block(BlockId::latest()).call().await;
        let guarded = guarded.map_err(ReadError::calling(policy, self.rpc.chain(), "guarded"))?;
        match eth_address(guarded) {
            already if already == target => return Ok(()),
            none if none.is_zero() => {}
            guarded => return Err(DeployError::PolicyTaken { policy, guarded }),
        }
        let call = IPolicy::setTargetCall {
            _guarded: address(target),
        };
        let purpose = format!("policy {policy} guards {target}");
        self.call(&purpose, Some(policy), call.abi_encode()).await?;
        Ok(())
    }

    /// One transaction of this deployment.
    pub(super) async fn call(
        &mut self,
        step: &str,
        to: Option<EthAddress>,
        data: Vec<u8>,
    ) -> Result<Landed, DeployError> {
        let purpose = Purpose::new(format!("deployment {}: {step}", self.label));
        Ok(self.submit.submit(Call { purpose, to, data }).await?)
    }

    pub(super) fn submitter(&self) -> &'a dyn Submit {
        self.submit
    }

    pub(super) fn nothing_left(&self, step: &str, what: &'static str) -> DeployError {
        DeployError::NothingLeft {
            step: step.to_owned(),
            what,
        }
    }

    pub(super) fn remember_clone(&mut self, id: &str, at: EthAddress, landed: &Landed, poll: PollId) {
        self.keep(Deployed {
            id: id.to_owned(),
            address: at,
            transaction: landed.transaction,
            arguments: None,
            libraries: None,
            poll: Some(poll),
        });
    }

    fn remember(
        &mut self,
        id: &str,
        at: EthAddress,
        landed: &Landed,
        arguments: Option<String>,
        libraries: Option<String>,
    ) {
        self.keep(Deployed {
            id: id.to_owned(),
            address: at,
            transaction: landed.transaction,
            arguments,
            libraries,
            poll: None,
        });
    }

    fn keep(&mut self, deployed: Deployed) {
        tracing::info!(id = %deployed.id, address = %deployed.address, "deployed");
        (self.watch)(&deployed);
        self.deployed.push(deployed);
    }

    fn libraries_as_json(&self) -> Option<String> {
        let named: BTreeMap<_, _> = self
            .libraries
            .by_name()
            .map(|(name, at)| (name, at.to_string()))
            .collect();
        if named.is_empty() {
            None
        } else {
            serde_json::to_string(&named).ok()
        }
    }
}

impl std::fmt::Debug for Deployer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deployer")
            .field("label", &self.label)
            .field("deployed", &self.deployed)
            .finish_non_exhaustive()
    }
}

/// The address in a `CloneDeployed` event; none if the log is another event.
fn clone_named_in(log: &maci_protocol::ledger::RawLog) -> Option<EthAddress> {
    let topics = log.topics.iter().copied().map(alloy::primitives::B256::from);
    let event = IFactory::CloneDeployed::decode_raw_log(topics, &log.data).ok()?;
    Some(eth_address(event.clone))
}
