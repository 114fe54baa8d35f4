use alloy::eips::BlockId;
use maci_chain::contracts::maci::IMaci;
use maci_chain::deploy::{Complaint, Design, KeySet, MaciDesign, NewMaci, PolicyDesign, PollDesign, VerifierKind};
use maci_chain::reader::{Period, PollReader, Registry};
use maci_chain::words::address;
use maci_crypto::keys::PublicKey;
use maci_protocol::ids::{ChainId, EthAddress, PollId};
use maci_protocol::poll::{Mode, TreeDepths};

use super::{Description, KeysDescription, MaciDescription, Number, PollDescription, Workshop};
use crate::networks::network_name;
use crate::service::ServiceError;

/// Which coordinator key a poll is deployed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoordinatorChoice {
    /// This one, whose private half is elsewhere.
    Public(PublicKey),
    /// The one of this name, which is there.
    Named(String),
    /// The service's own if it has one, else one of this name, made if it is not there.
    Own(String),
}

impl Workshop {
    /// What a description asks for. `coordinators` are the polls' public keys, in their order.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with every complaint, or that the chain cannot be asked.
    pub async fn design(&self, description: &Description, coordinators: &[PublicKey]) -> Result<Design, ServiceError> {
        let mut complaints = description.complaints();
        let (maci, depth) = self.maci(&description.maci, &mut complaints).await?;
        let mut polls = Vec::new();
        for ((place, poll), coordinator) in description.polls.iter().enumerate().zip(coordinators) {
            let pointer = format!("/polls/{place}");
            if let Some(poll) = poll.design(&pointer, place, depth, *coordinator, &mut complaints) {
                self.expect_circuits(&pointer, &poll, &maci, &mut complaints).await?;
                polls.push(poll);
            }
        }
        match maci {
            Some(maci) if complaints.is_empty() => Ok(Design {
                name: description.name.clone(),
                maci,
                polls,
            }),
            _ => Err(ServiceError::Refused { complaints }),
        }
    }

    /// The MACI, and how deep it is as far as that is known.
    async fn maci(
        &self,
        description: &MaciDescription,
        complaints: &mut Vec<Complaint>,
    ) -> Result<(Option<MaciDesign>, Option<u8>), ServiceError> {
        let MaciDescription {
            address,
            state_tree_depth,
            policy,
            verifying_keys,
            verifier,
            verifying_keys_registry,
            poseidon,
        } = description;
        let depth = match (address, state_tree_depth) {
            (Some(maci), None) => self.depth_of(*maci).await,
            (_, Some(depth)) => byte(*depth, "/maci/stateTreeDepth", complaints),
            (None, None) => None,
        };
        let mut keys = Vec::new();
        for (place, set) in verifying_keys.iter().enumerate() {
            keys.extend(self.described_keys(&format!("/maci/verifyingKeys/{place}"), depth, set, complaints)?);
        }
        if let Some(maci) = address {
            let given = (*verifier).zip(*verifying_keys_registry);
            let verifier_and_registry = match given {
                Some(given) => Some(given),
                None => self.around(*maci).await?,
            };
            let design = MaciDesign::There {
                maci: *maci,
                verifier_and_registry,
                keys,
            };
            return Ok((Some(design), depth));
        }
        let sign_up_policy = match policy.as_ref().map(|policy| policy.design("/maci/policy")) {
            Some(Ok(policy)) => Some(policy),
            Some(Err(more)) => {
                complaints.extend(more);
                None
            }
            None => None,
        };
        let (Some(state_tree_depth), Some(sign_up_policy)) = (depth, sign_up_policy) else {
            return Ok((None, depth));
        };
        let poseidon = poseidon.unwrap_or_default();
        let new = NewMaci {
            state_tree_depth,
            sign_up_policy,
            verifier: verifier.map_or(VerifierKind::Groth16, VerifierKind::There),
            registry: *verifying_keys_registry,
            keys,
            poseidon: [
                poseidon.poseidon_t3,
                poseidon.poseidon_t4,
                poseidon.poseidon_t5,
                poseidon.poseidon_t6,
            ],
        };
        Ok((Some(MaciDesign::New(Box::new(new))), depth))
    }

    /// The depth of a MACI that is there; none if it does not say, which is complained about when it is looked at closely.
    async fn depth_of(&self, maci: EthAddress) -> Option<u8> {
        let contract = IMaci::new(address(maci), self.rpc.provider().clone());
        contract.stateTreeDepth().block(BlockId::latest()).call().await.ok()
    }

    /// Verifier and registry of a MACI that is there, for a generation that does not say: its first poll's, else those
    /// that were recorded with it, else the newest recorded for the chain.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn around(&self, maci: EthAddress) -> Result<Option<(EthAddress, EthAddress)>, ServiceError> {
        if let Ok(poll) = PollReader::open(&self.rpc, maci, PollId(0)).await {
            let external = poll.external();
            return Ok(Some((external.verifier, external.verifying_keys_registry)));
        }
        let done = self.store.deployments_done();
        let contracts = done.contracts(self.rpc.chain()).await?;
        if let Some(ours) = contracts.iter().find(|one| one.address == maci) {
            let mut along = contracts.iter().filter(|one| one.deployment == ours.deployment);
            let registry = along.clone().find(|one| one.contract == "VerifyingKeysRegistry");
            let verifier = along.find(|one| one.contract == "Verifier");
            if let (Some(verifier), Some(registry)) = (verifier, registry) {
                return Ok(Some((verifier.address, registry.address)));
            }
        }
        let file = self.store.deployments().read()?;
        let name = network_name(self.rpc.chain());
        let find = |contract| file.lookup(&name, contract, None).map(|record| record.address);
        Ok(find("Verifier").zip(find("VerifyingKeysRegistry")))
    }

    fn described_keys(
        &self,
        pointer: &str,
        depth: Option<u8>,
        set: &KeysDescription,
        complaints: &mut Vec<Complaint>,
    ) -> Result<Option<KeySet>, ServiceError> {
        let tally = byte(
            set.tally_processing_state_tree_depth,
            &at(pointer, "tallyProcessingStateTreeDepth"),
            complaints,
        );
        let vote = byte(
            set.vote_option_tree_depth,
            &at(pointer, "voteOptionTreeDepth"),
            complaints,
        );
        let batch = byte(set.message_batch_size, &at(pointer, "messageBatchSize"), complaints);
        let (Some(tally), Some(vote), Some(batch), Some(depth)) = (tally, vote, batch, depth) else {
            return Ok(None);
        };
        let depths = match TreeDepths::new(tally, vote, depth) {
            Ok(depths) => depths,
            Err(error) => {
                complaints.push(Complaint::new(pointer, format!("has depths that do not fit: {error}")));
                return Ok(None);
            }
        };
        let modes: Vec<Mode> = set.modes.iter().map(|mode| mode.0).collect();
        match self.keys(depths, batch, &modes) {
            Ok(keys) => Ok(Some(keys)),
            Err(error) => {
                complaints.push(Complaint::new(
                    pointer,
                    format!("names circuits that are not here: {error}"),
                ));
                Ok(None)
            }
        }
    }

    /// Refuses a poll for whose keys the registry has others than our circuits of its size: the registry does not tell
    /// batch sizes apart, so nobody would notice before the first proof.
    async fn expect_circuits(
        &self,
        pointer: &str,
        poll: &PollDesign,
        maci: &Option<MaciDesign>,
        complaints: &mut Vec<Complaint>,
    ) -> Result<(), ServiceError> {
        let Some(MaciDesign::There {
            verifier_and_registry: Some((_, registry)),
            ..
        }) = maci
        else {
            return Ok(());
        };
        // circuits that are not here say nothing: the poll may be finalised elsewhere
        let Ok(ours) = self.keys(poll.depths, poll.message_batch_size, &[poll.mode]) else {
            return Ok(());
        };
        let registry = Registry::new(self.rpc.clone(), *registry);
        for (slot, key) in ours.slots() {
            if let Ok(Some(there)) = registry.key(slot).await
                && there != *key
            {
                let size = ours.size();
                let rule =
                    format!("does not fit the registered keys: that of {slot} is not that of our circuits of {size}");
                complaints.push(Complaint::new(at(pointer, "messageBatchSize"), rule));
            }
        }
        Ok(())
    }
}

impl Description {
    /// The chain.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when there is none of that name.
    pub fn chain(&self, chains: &crate::chains::Chains) -> Result<ChainId, ServiceError> {
        chains.named(&self.chain).map_err(|error| ServiceError::Refused {
            complaints: vec![Complaint::new("/chain", format!("is refused: {error}"))],
        })
    }

    /// What is wrong with it whatever the chain says.
    fn complaints(&self) -> Vec<Complaint> {
        let mut complaints = Vec::new();
        if !is_name(&self.name, 40) {
            complaints.push(Complaint::new(
                "/name",
                "must be 1 to 40 letters, digits, `.`, `_` and `-`",
            ));
        }
        let maci = &self.maci;
        match maci.address {
            Some(_) => {
                let beside = [
                    ("stateTreeDepth", maci.state_tree_depth.is_some()),
                    ("policy", maci.policy.is_some()),
                    ("poseidon", maci.poseidon.is_some()),
                ];
                for (field, _) in beside.iter().filter(|(_, is_given)| *is_given) {
                    let rule = "is given for a MACI that is there already; leave it out, or leave out the address";
                    complaints.push(Complaint::new(at("/maci", field), rule));
                }
            }
            None => {
                let needed = [
                    ("stateTreeDepth", maci.state_tree_depth.is_some()),
                    ("policy", maci.policy.is_some()),
                ];
                for (field, _) in needed.iter().filter(|(_, is_given)| !*is_given) {
                    let rule = "is missing: a new MACI needs it; one that is there is named by its address";
                    complaints.push(Complaint::new(at("/maci", field), rule));
                }
            }
        }
        for (place, poll) in self.polls.iter().enumerate() {
            if poll.name.as_ref().is_some_and(|name| !is_name(name, 20)) {
                let rule = "must be 1 to 20 letters, digits, `.`, `_` and `-`";
                complaints.push(Complaint::new(format!("/polls/{place}/name"), rule));
            }
        }
        complaints
    }

    /// The coordinator key of every poll.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for public keys that are none.
    pub fn coordinators(&self) -> Result<Vec<CoordinatorChoice>, ServiceError> {
        let (mut choices, mut complaints) = (Vec::new(), Vec::new());
        for (place, poll) in self.polls.iter().enumerate() {
            match (&poll.coordinator_public_key, &poll.coordinator_key) {
                (Some(_), Some(_)) => complaints.push(Complaint::new(
                    format!("/polls/{place}/coordinatorKey"),
                    "is given beside coordinatorPublicKey; one of them is enough",
                )),
                (Some(public), None) => match PublicKey::parse(public) {
                    Ok(key) => choices.push(CoordinatorChoice::Public(key)),
                    Err(error) => complaints.push(Complaint::new(
                        format!("/polls/{place}/coordinatorPublicKey"),
                        format!("is no public key: {error}"),
                    )),
                },
                (None, Some(name)) => choices.push(CoordinatorChoice::Named(name.clone())),
                (None, None) => {
                    let poll = poll.called(place);
                    choices.push(CoordinatorChoice::Own(format!("{}-{poll}", self.name)));
                }
            }
        }
        if complaints.is_empty() {
            Ok(choices)
        } else {
            Err(ServiceError::Refused { complaints })
        }
    }
}

impl PollDescription {
    fn called(&self, place: usize) -> String {
        self.name.clone().unwrap_or_else(|| place.to_string())
    }

    fn design(
        &self,
        pointer: &str,
        place: usize,
        maci_depth: Option<u8>,
        coordinator: PublicKey,
        complaints: &mut Vec<Complaint>,
    ) -> Option<PollDesign> {
        let tally = byte(
            self.tally_processing_state_tree_depth,
            &at(pointer, "tallyProcessingStateTreeDepth"),
            complaints,
        );
        let vote = byte(
            self.vote_option_tree_depth,
            &at(pointer, "voteOptionTreeDepth"),
            complaints,
        );
        let batch = byte(self.message_batch_size, &at(pointer, "messageBatchSize"), complaints);
        let state = match self.state_tree_depth {
            Some(given) => byte(given, &at(pointer, "stateTreeDepth"), complaints),
            None => maci_depth,
        };
        let mut keep = |result: Result<_, Vec<Complaint>>| result.map_err(|more| complaints.extend(more)).ok();
        let policy: Option<PolicyDesign> = keep(self.policy.design(&at(pointer, "policy")));
        let credits = self.voice_credits.design(&at(pointer, "voiceCredits"));
        let credits = credits.map_err(|more| complaints.extend(more)).ok();
        let depths = match TreeDepths::new(tally?, vote?, state?) {
            Ok(depths) => depths,
            Err(error) => {
                complaints.push(Complaint::new(pointer, format!("has depths that do not fit: {error}")));
                return None;
            }
        };
        Some(PollDesign {
            name: self.called(place),
            mode: self.mode.0,
            depths,
            message_batch_size: batch?,
            vote_options: self.vote_options.0,
            period: Period {
                start: self.start_date.0,
                end: self.end_date.0,
            },
            coordinator,
            policy: policy?,
            credits: credits?,
            relayers: self.relayers.clone(),
        })
    }
}

fn is_name(text: &str, most: usize) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=most).contains(&text.len()) && text.bytes().all(is_part)
}

fn at(pointer: &str, field: &str) -> String {
    format!("{pointer}/{field}")
}

fn byte(number: Number, pointer: &str, complaints: &mut Vec<Complaint>) -> Option<u8> {
    let small = u8::try_from(number.0).ok();
    if small.is_none() {
        complaints.push(Complaint::new(pointer, format!("is {number}; it must be below 256")));
    }
    small
}
