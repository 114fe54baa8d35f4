use maci_chain::contracts::maci::IMaci;
use maci_chain::deploy::{
    DeployError, Deployed, Deployer, KeySet, MaciSettings, ModeKeys, PollSettings, VerifierKind, deploy_maci,
    deploy_poll,
};
use maci_chain::reader::{Period, ReadError};
use maci_chain::words::address;
use maci_crypto::keys::PublicKey;
use maci_custody::KeyName;
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::files::DeployedContracts;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::poll::Mode;
use maci_store::{PollSource, Watched};
use serde_json::{Value, json};

use super::{Means, Touched};
use crate::deploy::{MaciConfig, PollConfig};
use crate::events::EventKind;
use crate::jobs::{JobId, Running};
use crate::networks::network_name;
use crate::senders::SenderChoice;
use crate::service::{ServiceError, Source};

impl Means {
    /// Deploys MACI. The job's id is the deployment's label, so that a job taken up again goes on where it was.
    pub(super) async fn deploy_maci(
        &self,
        chain: ChainId,
        config: &MaciConfig,
        sender: &SenderChoice,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let artifacts = self.parts.contracts.clone().ok_or(ServiceError::NoContracts)?;
        let rpc = self.parts.chains.rpc(chain).await?;
        let settings = MaciSettings {
            state_tree_depth: config.maci.state_tree_depth.byte("stateTreeDepth")?,
            sign_up_policy: config.policy.kind()?,
            verifier: VerifierKind::Groth16,
            keys: Some(self.verifying_keys(config)?),
        };
        let sender = self.sender(chain, sender).await?;
        let mut watch = |deployed: &Deployed| tell(job, deployed);
        let mut deployer = Deployer::new(&rpc, &artifacts, sender.as_ref(), label(job.id), &mut watch);
        let contracts = deploy_maci(&mut deployer, &settings)
            .await
            .map_err(failed("MACI", chain))?;
        self.record(chain, deployer.deployed())?;
        Ok(json!({
            "address": contracts.maci, "generation": contracts.generation.to_string(),
            "verifier": contracts.verifier, "verifyingKeysRegistry": contracts.verifying_keys_registry,
            "signUpPolicy": contracts.sign_up_policy,
        }))
    }

    /// Deploys a poll of the newest MACI recorded for the chain, and watches it.
    pub(super) async fn deploy_poll(
        &self,
        chain: ChainId,
        config: &PollConfig,
        key: Option<&str>,
        (choice, paused): (&SenderChoice, bool),
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let artifacts = self.parts.contracts.clone().ok_or(ServiceError::NoContracts)?;
        let [maci, verifier, registry] = self.recorded(chain)?;
        let rpc = self.parts.chains.rpc(chain).await?;
        let shape = &config.shape;
        self.expect_depth(&rpc, maci, shape.poll_state_tree_depth.0).await?;
        let settings = PollSettings {
            maci,
            verifier_and_registry: Some((verifier, registry)),
            mode: shape.mode,
            depths: shape.depths()?,
            message_batch_size: shape.message_batch_size.byte("messageBatchSize")?,
            vote_options: shape.vote_options.0,
            period: Period {
                start: config.start_date.0,
                end: config.end_date.0,
            },
            coordinator: self.key_for(chain, key, job.id).await?,
            policy: shape.policy.kind()?,
            credits: shape.initial_voice_credits_proxy.credits()?,
            relayers: shape.relayers.clone(),
        };
        let sender = self.sender(chain, choice).await?;
        let mut watch = |deployed: &Deployed| tell(job, deployed);
        let mut deployer = Deployer::new(&rpc, &artifacts, sender.as_ref(), label(job.id), &mut watch);
        let contracts = deploy_poll(&mut deployer, &settings)
            .await
            .map_err(failed("a poll", chain))?;
        self.record(chain, deployer.deployed())?;
        let watched = Watched {
            poll: contracts.poll,
            mode: shape.mode,
            deployment_block: Some(contracts.block),
            sender: choice.to_stored(),
            since: self.parts.clock.now(),
            source: PollSource::Deployed,
            paused,
        };
        if self.parts.store.polls().watch(&watched).await? {
            let body = json!({ "source": Source::Deployed.word(), "paused": paused });
            self.note(EventKind::PollWatched, Some(contracts.poll), body);
        }
        self.touch(Touched::Deployed(contracts.poll));
        Ok(json!({
            "pollId": contracts.poll.poll.0.to_string(), "chain": chain, "maci": maci,
            "contracts": {
                "poll": contracts.addresses.poll, "messageProcessor": contracts.addresses.message_processor,
                "tally": contracts.addresses.tally, "policy": contracts.policy,
                "initialVoiceCreditProxy": contracts.initial_voice_credit_proxy,
            },
            "coordinatorPublicKey": settings.coordinator.serialize(),
        }))
    }

    /// MACI, verifier and registry as recorded for the chain.
    ///
    /// # Errors
    /// [`ServiceError::NotDeployed`], naming the first that is not there.
    pub(crate) fn recorded(&self, chain: ChainId) -> Result<[EthAddress; 3], ServiceError> {
        let contracts: DeployedContracts = self.parts.store.deployments().read()?;
        let name = network_name(chain);
        let find = |contract: &'static str| {
            let found = contracts.lookup(&name, contract, None);
            found
                .map(|record| record.address)
                .ok_or(ServiceError::NotDeployed { chain, contract })
        };
        Ok([find("MACI")?, find("Verifier")?, find("VerifyingKeysRegistry")?])
    }

    fn record(&self, chain: ChainId, deployed: &[Deployed]) -> Result<(), ServiceError> {
        let name = network_name(chain);
        let deployments = self.parts.store.deployments();
        deployments.update(|contracts| deployed.iter().for_each(|one| one.add_to(contracts, &name)))?;
        Ok(())
    }

    async fn expect_depth(&self, rpc: &maci_chain::rpc::Rpc, maci: EthAddress, asked: u64) -> Result<(), ServiceError> {
        let contract = IMaci::new(address(maci), rpc.provider().clone());
        let found = contract.stateTreeDepth().call().await;
        let found = found.map_err(|_| ReadError::NotMaci {
            address: maci,
            chain: rpc.chain(),
            call: "stateTreeDepth",
        })?;
        if u64::from(found) == asked {
            return Ok(());
        }
        Err(ServiceError::invalid(format!(
            "pollStateTreeDepth is {asked}, but MACI {maci} has {found}; such a poll could not be finalised"
        )))
    }

    /// The public half of the named coordinator key; else of the service's own, else of a new one for this poll.
    async fn key_for(&self, chain: ChainId, name: Option<&str>, job: JobId) -> Result<PublicKey, ServiceError> {
        if let (None, Some(given)) = (name, self.parts.keys.given().next()) {
            let key = self.with_keys(move |keys| keys.coordinator(&given)).await?;
            // a published sample is refused before anybody votes for it
            key.map(|key| key.on_chain(chain).map(drop)).transpose()?;
            return Ok(given);
        }
        let new = name.is_none();
        let name: KeyName = name.map_or_else(|| format!("poll-{job}"), str::to_owned).parse()?;
        let known = self.parts.keys.list()?.keys.into_iter().find(|key| key.name == name);
        if let Some(known) = known {
            return Ok(known.public_key);
        }
        let named = name.clone();
        let key = self.with_keys(move |keys| if new { keys.create(&named) } else { keys.named(&named) });
        let public_key = key.await?.public_key();
        let body = json!({ "name": name.as_str(), "publicKey": public_key.serialize() });
        self.note(EventKind::KeyAdded, None, body);
        Ok(public_key)
    }

    /// The verifying keys of the circuits a request names.
    fn verifying_keys(&self, config: &MaciConfig) -> Result<KeySet, ServiceError> {
        let (depths, set) = (config.depths()?, &self.parts.circuits);
        let (state, vote) = (depths.state_tree(), depths.vote_option_tree());
        let batch = config.registry.args.message_batch_size.byte("messageBatchSize")?;
        let open = |circuit: CircuitId, name: Option<&str>, mode| -> Result<VerifyingKey, ServiceError> {
            let artifacts = set.open(circuit, name, mode).map_err(ServiceError::from)?;
            Ok(artifacts.verifying_key().clone())
        };
        let any = Mode::Qv;
        let mut modes = Vec::new();
        for mode in config.maci.modes.iter().copied() {
            let process = CircuitId::with_parameters(Template::MessageProcessor(mode), &[state, batch, vote]);
            let tally = [state, depths.tally_processing_state_tree(), vote];
            let tally = CircuitId::with_parameters(Template::vote_tally(mode), &tally);
            modes.push(ModeKeys {
                mode,
                process: open(process.map_err(ServiceError::invalid)?, set.process.as_deref(), mode)?,
                tally: open(tally.map_err(ServiceError::invalid)?, set.tally.as_deref(), mode)?,
            });
        }
        let joining = |template| CircuitId::with_parameters(template, &[state]).map_err(ServiceError::invalid);
        Ok(KeySet {
            depths,
            message_batch_size: batch,
            poll_joining: open(joining(Template::PollJoining)?, None, any)?,
            poll_joined: open(joining(Template::PollJoined)?, None, any)?,
            modes,
        })
    }
}

/// A deployment's label: the same job goes on with the same deployment.
fn label(job: JobId) -> String {
    format!("job {job}")
}

fn tell(job: &Running, deployed: &Deployed) {
    let body = json!({ "event": "deployed", "contract": deployed.id, "address": deployed.address });
    job.told.tell(body);
}

fn failed(what: &'static str, chain: ChainId) -> impl FnOnce(DeployError) -> ServiceError {
    move |source| ServiceError::Deploy { what, chain, source }
}
