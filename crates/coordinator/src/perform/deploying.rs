use maci_chain::deploy::{Contracts, Deployed, Design, MaciContracts, PollContracts};
use maci_crypto::keys::PublicKey;
use maci_custody::KeyName;
use maci_protocol::files::DeployedContracts;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::poll::Mode;
use maci_store::{PollSource, Watched};
use serde_json::{Value, json};

use super::{Means, Touched};
use crate::deploy::{CoordinatorChoice, Description, MaciConfig, Outline, PollConfig, Reuse, Workshop, body_pointer};
use crate::events::EventKind;
use crate::jobs::{JobId, Running};
use crate::networks::network_name;
use crate::senders::SenderChoice;
use crate::service::{ServiceError, Source};

/// The public key that stands for a coordinator key which is made when a plan is applied: the base point's.
const NOT_YET_MADE: maci_crypto::curve::Point = maci_crypto::curve::Point::BASE8;

impl Means {
    /// Deploys MACI. The job's id is the deployment's name, so that a job taken up again goes on where it was.
    pub(super) async fn deploy_maci(
        &self,
        chain: ChainId,
        config: &MaciConfig,
        sender: &SenderChoice,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let workshop = self.workshop(chain).await?;
        let design = maci_design(&workshop, config, name(job.id))?;
        let contracts = self.bring_about(&workshop, &design, (Reuse::Own, sender), job).await;
        Ok(told_maci(&contracts.map_err(in_a_body)?.maci))
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
        let recorded = self.recorded(chain)?;
        let workshop = self.workshop(chain).await?;
        let coordinator = self.key_for(chain, key, format!("poll-{}", job.id)).await?;
        let design = config.design(name(job.id), recorded, coordinator)?;
        let contracts = self.bring_about(&workshop, &design, (Reuse::Own, choice), job).await;
        let contracts = contracts.map_err(in_a_body)?;
        let [poll] = contracts.polls.as_slice() else {
            return Err(ServiceError::Panicked {
                reason: "a deployment of one poll made another number of them".to_owned(),
            });
        };
        self.watch_deployed(poll, config.shape.mode, choice, paused).await?;
        Ok(told_poll(poll, coordinator))
    }

    /// Brings a description about, and watches its polls.
    pub(super) async fn apply(
        &self,
        chain: ChainId,
        description: &Description,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let workshop = self.workshop(chain).await?;
        let mut coordinators = Vec::new();
        for choice in description.coordinators()? {
            coordinators.push(match choice {
                CoordinatorChoice::Public(key) => key,
                CoordinatorChoice::Named(name) => self.key_for(chain, Some(&name), String::new()).await?,
                CoordinatorChoice::Own(name) => self.key_for(chain, None, name).await?,
            });
        }
        let design = workshop.design(description, &coordinators).await?;
        let contracts = self
            .bring_about(&workshop, &design, (description.reuse, &description.sender), job)
            .await?;
        let mut polls = Vec::new();
        for ((poll, asked), coordinator) in contracts.polls.iter().zip(&design.polls).zip(coordinators) {
            self.watch_deployed(poll, asked.mode, &description.sender, false)
                .await?;
            let mut told = told_poll(poll, coordinator);
            if let Some(fields) = told.as_object_mut() {
                fields.insert("name".to_owned(), json!(asked.name));
            }
            polls.push(told);
        }
        Ok(json!({
            "name": description.name, "chain": network_name(chain),
            "maci": told_maci(&contracts.maci), "polls": polls,
        }))
    }

    /// What applying a description would do and cost. Nothing is sent, and no key is made.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with every complaint; else why it cannot be told.
    pub(crate) async fn plan(&self, chain: ChainId, description: &Description) -> Result<Outline, ServiceError> {
        let workshop = self.workshop(chain).await?;
        let (mut coordinators, mut notes) = (Vec::new(), Vec::new());
        for choice in description.coordinators()? {
            coordinators.push(self.foreseen(chain, choice, &mut notes).await?);
        }
        let design = workshop.design(description, &coordinators).await?;
        let caller = self.sender(chain, &description.sender).await?.caller();
        let plan = workshop.plan(caller, &design, description.reuse).await?;
        Ok(Outline::of(&plan, notes))
    }

    /// What deploying MACI would do and cost.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub(crate) async fn plan_maci(
        &self,
        chain: ChainId,
        config: &MaciConfig,
        sender: &SenderChoice,
    ) -> Result<Outline, ServiceError> {
        let workshop = self.workshop(chain).await?;
        let design = maci_design(&workshop, config, "dry run".to_owned())?;
        let caller = self.sender(chain, sender).await?.caller();
        let plan = workshop.plan(caller, &design, Reuse::Own).await;
        Ok(Outline::of(&plan.map_err(in_a_body)?, Vec::new()))
    }

    /// What deploying a poll would do and cost.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub(crate) async fn plan_poll(
        &self,
        chain: ChainId,
        config: &PollConfig,
        sender: &SenderChoice,
    ) -> Result<Outline, ServiceError> {
        let recorded = self.recorded(chain)?;
        let workshop = self.workshop(chain).await?;
        let mut notes = Vec::new();
        let own = CoordinatorChoice::Own("of the poll".to_owned());
        let coordinator = self.foreseen(chain, own, &mut notes).await?;
        let design = config.design("dry run".to_owned(), recorded, coordinator)?;
        let caller = self.sender(chain, sender).await?.caller();
        let plan = workshop.plan(caller, &design, Reuse::Own).await;
        Ok(Outline::of(&plan.map_err(in_a_body)?, notes))
    }

    async fn bring_about(
        &self,
        workshop: &Workshop,
        design: &Design,
        (reuse, choice): (Reuse, &SenderChoice),
        job: &Running,
    ) -> Result<Contracts, ServiceError> {
        let sender = self.sender(workshop.rpc.chain(), choice).await?;
        let mut watch = |step: &str, deployed: &Deployed| {
            let body = json!({
                "event": "deployed", "step": step, "contract": deployed.id, "address": deployed.address,
            });
            job.told.tell(body);
        };
        workshop.apply(sender.as_ref(), design, reuse, &mut watch).await
    }

    async fn workshop(&self, chain: ChainId) -> Result<Workshop, ServiceError> {
        Ok(Workshop {
            rpc: self.parts.chains.rpc(chain).await?,
            artifacts: self.parts.contracts.clone().ok_or(ServiceError::NoContracts)?,
            store: self.parts.store.clone(),
            clock: self.parts.clock.clone(),
            circuits: self.parts.circuits.clone(),
            listed: self.parts.listed.clone(),
        })
    }

    async fn watch_deployed(
        &self,
        poll: &PollContracts,
        mode: Mode,
        choice: &SenderChoice,
        paused: bool,
    ) -> Result<(), ServiceError> {
        let watched = Watched {
            poll: poll.poll,
            mode,
            deployment_block: poll.block,
            sender: choice.to_stored(),
            since: self.parts.clock.now(),
            source: PollSource::Deployed,
            paused,
        };
        if self.parts.store.polls().watch(&watched).await? {
            let body = json!({ "source": Source::Deployed.word(), "paused": paused });
            self.note(EventKind::PollWatched, Some(poll.poll), body);
        }
        self.touch(Touched::Deployed(poll.poll));
        Ok(())
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

    /// The public half of the named coordinator key; else of the service's own, else of one made for this poll.
    async fn key_for(&self, chain: ChainId, name: Option<&str>, new: String) -> Result<PublicKey, ServiceError> {
        if let (None, Some(given)) = (name, self.given_key(chain).await?) {
            return Ok(given);
        }
        let is_new = name.is_none();
        let name: KeyName = name.map_or(new, str::to_owned).parse()?;
        let known = self.parts.keys.list()?.keys.into_iter().find(|key| key.name == name);
        if let Some(known) = known {
            return Ok(known.public_key);
        }
        let named = name.clone();
        let key = self.with_keys(move |keys| {
            if is_new {
                keys.create(&named)
            } else {
                keys.named(&named)
            }
        });
        let public_key = key.await?.public_key();
        let body = json!({ "name": name.as_str(), "publicKey": public_key.serialize() });
        self.note(EventKind::KeyAdded, None, body);
        Ok(public_key)
    }

    /// The service's own key, if it was given one that may be used on the chain.
    async fn given_key(&self, chain: ChainId) -> Result<Option<PublicKey>, ServiceError> {
        let Some(given) = self.parts.keys.given().next() else {
            return Ok(None);
        };
        let key = self.with_keys(move |keys| keys.coordinator(&given)).await?;
        // a published sample is refused before anybody votes for it
        key.map(|key| key.on_chain(chain).map(drop)).transpose()?;
        Ok(Some(given))
    }

    /// The key a poll would be deployed with, without making one.
    async fn foreseen(
        &self,
        chain: ChainId,
        choice: CoordinatorChoice,
        notes: &mut Vec<String>,
    ) -> Result<PublicKey, ServiceError> {
        let name = match choice {
            CoordinatorChoice::Public(key) => return Ok(key),
            CoordinatorChoice::Named(name) => return self.key_for(chain, Some(&name), String::new()).await,
            CoordinatorChoice::Own(name) => name,
        };
        if let Some(given) = self.given_key(chain).await? {
            return Ok(given);
        }
        let keys = self.parts.keys.list()?.keys;
        if let Some(known) = keys.into_iter().find(|key| key.name.as_str() == name) {
            return Ok(known.public_key);
        }
        notes.push(format!(
            "the coordinator key {name} is made when this is applied; the calldata of its poll has a stand-in"
        ));
        PublicKey::new(NOT_YET_MADE).map_err(ServiceError::invalid)
    }
}

fn maci_design(workshop: &Workshop, config: &MaciConfig, name: String) -> Result<Design, ServiceError> {
    let batch = config.registry.args.message_batch_size.byte("messageBatchSize")?;
    let keys = workshop.keys(config.depths()?, batch, &config.maci.modes)?;
    config.design(name, keys)
}

/// A deployment's name: the same job goes on with the same deployment.
fn name(job: JobId) -> String {
    format!("job {job}")
}

fn told_maci(maci: &MaciContracts) -> Value {
    json!({
        "address": maci.maci, "generation": maci.generation.to_string(), "verifier": maci.verifier,
        "verifyingKeysRegistry": maci.verifying_keys_registry, "signUpPolicy": maci.sign_up_policy,
    })
}

fn told_poll(poll: &PollContracts, coordinator: PublicKey) -> Value {
    json!({
        "pollId": poll.poll.poll.0.to_string(), "chain": poll.poll.chain, "maci": poll.poll.maci,
        "contracts": {
            "poll": poll.addresses.poll, "messageProcessor": poll.addresses.message_processor,
            "tally": poll.addresses.tally, "policy": poll.policy,
            "initialVoiceCreditProxy": poll.initial_voice_credit_proxy,
        },
        "coordinatorPublicKey": coordinator.serialize(),
    })
}

/// A refusal with the places that the existing service's bodies have.
fn in_a_body(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Refused { mut complaints } => {
            for complaint in &mut complaints {
                complaint.pointer = body_pointer(&complaint.pointer);
            }
            ServiceError::Refused { complaints }
        }
        other => other,
    }
}
