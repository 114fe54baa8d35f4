use std::collections::BTreeMap;
use std::sync::Arc;

use maci_protocol::ids::{ChainId, EthAddress};

use super::keys::KeySet;
use super::policy::made_by;
use super::reuse::{Comparer, Known, Origin, Refusal};
use super::step::{Act, Arguments, Site, Step};
use super::{
    DeployError, Design, Ground, MaciDesign, Memory, NewMaci, PolicyDesign, PollDesign, StepKey, VerifierKind,
};
use crate::artifacts::{Artifacts, ContractSource};
use crate::contracts::Generation;
use crate::rpc::Rpc;

/// What is remembered as chosen for every deployment alike has this in place of a fingerprint.
pub(super) const SHARED: &str = "shared";

/// The steps of a deployment, each behind those it needs.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) steps: Vec<Step>,
    /// Where MACI is, or which step makes it.
    pub(super) maci: Site,
    pub(super) verifier: Option<Site>,
    pub(super) registry: Option<Site>,
    pub(super) sign_up_policy: Option<Site>,
    /// Per poll: the step that makes it, its policy and its source of credits.
    pub(super) polls: Vec<PollSites>,
    /// Listed contracts that are not used again.
    pub(super) refused: Vec<Refusal>,
}

/// Where what belongs to a poll is.
#[derive(Debug, Clone, Copy)]
pub(super) struct PollSites {
    pub(super) poll: usize,
    pub(super) policy: Site,
    pub(super) credits: Site,
}

/// What a graph is made with.
pub(super) struct Drawing<'a> {
    chain: ChainId,
    design: &'a Design,
    artifacts: &'a Artifacts,
    memory: &'a dyn Memory,
    known: &'a Known,
    comparer: Comparer<'a>,
    steps: Vec<Step>,
    /// What serves several steps is made once.
    shared: BTreeMap<ContractSource, Site>,
    refused: Vec<Refusal>,
}

impl Graph {
    /// The steps that bring a design about on this ground.
    pub(super) async fn draw(
        rpc: &Rpc,
        ground: &Ground,
        design: &Design,
        artifacts: &Artifacts,
        memory: &dyn Memory,
        known: &Known,
    ) -> Result<Self, DeployError> {
        Drawing {
            chain: rpc.chain(),
            design,
            artifacts,
            memory,
            known,
            comparer: Comparer::new(rpc, artifacts),
            steps: Vec::new(),
            shared: BTreeMap::new(),
            refused: Vec::new(),
        }
        .whole(ground)
        .await
    }

    /// The steps in waves: those of one need nothing of each other, only of what is in the waves before. What is there
    /// already comes first.
    pub(super) fn waves(&self) -> Vec<Vec<usize>> {
        let mut waves: Vec<Vec<usize>> = Vec::new();
        let mut wave_of: Vec<usize> = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            let needs = step.needs();
            let behind = needs.iter().filter_map(|need| wave_of.get(*need)).max();
            let wave = match step.act {
                Act::Reuse { .. } => 0,
                Act::Create { .. }
                | Act::Clone { .. }
                | Act::KeysAtOnce { .. }
                | Act::Key { .. }
                | Act::Poll { .. }
                | Act::Guard { .. } => behind.map_or(1, |wave| wave + 1),
            };
            wave_of.push(wave);
            if waves.len() <= wave {
                waves.resize(wave + 1, Vec::new());
            }
            if let Some(steps) = waves.get_mut(wave) {
                steps.push(number);
            }
        }
        waves
    }
}

impl Drawing<'_> {
    async fn whole(mut self, ground: &Ground) -> Result<Graph, DeployError> {
        let (maci, generation, verifier, registry, sign_up_policy) = match &self.design.maci {
            MaciDesign::New(new) => {
                let made = self.maci(new).await?;
                let [maci, verifier, registry, policy] = made;
                (maci, ground.generation, Some(verifier), Some(registry), Some(policy))
            }
            MaciDesign::There { maci, keys, .. } => {
                let (verifier, registry) = ground.verifier_and_registry.unzip();
                if let Some(registry) = registry {
                    self.keys(Site::At(registry), keys, false);
                }
                let sites = (verifier.map(Site::At), registry.map(Site::At));
                (Site::At(*maci), ground.generation, sites.0, sites.1, None)
            }
        };
        let given = match generation {
            Generation::A => verifier.zip(registry),
            Generation::B => None,
        };
        let mut guarded = Vec::new();
        let mut around = Vec::new();
        for poll in &self.design.polls {
            let policy = self
                .policy(&format!("poll {}: policy", poll.name), &poll.policy)
                .await?;
            let credits = self.credits(poll).await?;
            around.push((policy, credits));
        }
        // all clones before any poll, and one poll after the other: so a poll's own clones are told from others even
        // where many calls go in one transaction, and polls are numbered in the design's order
        let clones = |(number, step): (usize, &Step)| matches!(step.act, Act::Clone { .. }).then_some(number);
        let mut after: Vec<usize> = self.steps.iter().enumerate().filter_map(clones).collect();
        let mut polls = Vec::new();
        for (poll, (policy, credits)) in self.design.polls.iter().zip(around) {
            let step = self.add(
                format!("poll {}", poll.name),
                Act::Poll {
                    maci,
                    generation,
                    verifier_and_registry: given,
                    policy,
                    credits,
                    poll: Arc::new(poll.clone()),
                    after: after.clone(),
                },
            );
            after.push(step);
            guarded.push((format!("poll {}: policy guards it", poll.name), policy, step));
            polls.push(PollSites {
                poll: step,
                policy,
                credits,
            });
        }
        for (name, policy, poll) in guarded {
            self.add(
                name,
                Act::Guard {
                    policy,
                    target: Site::Of(poll),
                },
            );
        }
        Ok(Graph {
            steps: self.steps,
            maci,
            verifier,
            registry,
            sign_up_policy,
            polls,
            refused: self.refused,
        })
    }

    /// MACI and everything around it; MACI, verifier, registry and sign-up policy.
    async fn maci(&mut self, new: &NewMaci) -> Result<[Site; 4], DeployError> {
        for (library, given) in ContractSource::POSEIDON.into_iter().zip(new.poseidon) {
            if let Some(at) = given {
                self.reuse(library, at, Origin::Description);
            }
        }
        let verifier = match new.verifier {
            VerifierKind::Groth16 => self.shared(ContractSource::VERIFIER).await?,
            VerifierKind::AcceptsEverything => self.create(ContractSource::MOCK_VERIFIER, Arguments::None)?,
            VerifierKind::There(at) => Site::At(at),
        };
        let registry = match new.registry {
            Some(at) => Site::At(at),
            None => self.create(ContractSource::VERIFYING_KEYS_REGISTRY, Arguments::Owner)?,
        };
        let sign_up_policy = self.policy("sign-up policy", &new.sign_up_policy).await?;
        let factories = [
            self.shared(ContractSource::POLL_FACTORY).await?,
            self.shared(ContractSource::MESSAGE_PROCESSOR_FACTORY).await?,
            self.shared(ContractSource::TALLY_FACTORY).await?,
        ];
        // the keys take the most gas and wait for the registry only: before MACI, so that they go along with others
        self.keys(registry, &new.keys, new.registry.is_none());
        let arguments = Arguments::Maci {
            factories,
            sign_up_policy,
            verifier,
            registry,
            state_tree_depth: new.state_tree_depth,
        };
        self.libraries(ContractSource::MACI).await?;
        let maci = self.create(ContractSource::MACI, arguments)?;
        self.add(
            "sign-up policy guards MACI".to_owned(),
            Act::Guard {
                policy: sign_up_policy,
                target: maci,
            },
        );
        Ok([maci, verifier, registry, sign_up_policy])
    }

    /// A policy with its checker and the factories of both.
    async fn policy(&mut self, name: &str, design: &PolicyDesign) -> Result<Site, DeployError> {
        let policy = match design {
            PolicyDesign::There(at) => return Ok(Site::At(*at)),
            PolicyDesign::New(policy) => policy,
        };
        let (checkers, policies) = (policy.checker_factory(), policy.policy_factory());
        let factory = self.shared(checkers).await?;
        let checker = self.add(
            name.replace("policy", "checker"),
            Act::Clone {
                factory,
                id: made_by(checkers),
                call: policy.checker_call(),
                checker: None,
            },
        );
        let factory = self.shared(policies).await?;
        let made = self.add(
            name.to_owned(),
            Act::Clone {
                factory,
                id: made_by(policies),
                call: Vec::new(),
                checker: Some(Site::Of(checker)),
            },
        );
        Ok(Site::Of(made))
    }

    /// A poll's source of credits.
    async fn credits(&mut self, poll: &PollDesign) -> Result<Site, DeployError> {
        let row = match poll.credits.row() {
            Ok(row) => row,
            Err(there) => return Ok(Site::At(there)),
        };
        let factory = self.shared(row.factory).await?;
        let made = self.add(
            format!("poll {}: voice credits", poll.name),
            Act::Clone {
                factory,
                id: row.id.to_owned(),
                call: row.call,
                checker: None,
            },
        );
        Ok(Site::Of(made))
    }

    /// The steps that set keys. A new registry takes the first set at once; that call sets the joining keys too, so
    /// further sets, and keys for a registry that has some, are set one by one.
    fn keys(&mut self, registry: Site, sets: &[KeySet], is_new: bool) {
        let (at_once, singly) = match sets {
            [first, rest @ ..] if is_new => (Some(first), rest),
            all => (None, all),
        };
        // the batch size is no part of a slot's name, nor of what the registry remembers
        let mut set: Vec<String> = Vec::new();
        if let Some(first) = at_once {
            set.extend(first.slots().iter().map(|(slot, _)| slot.to_string()));
            let name = format!("verifying keys of {}", first.size());
            self.add(
                name,
                Act::KeysAtOnce {
                    registry,
                    keys: Arc::new(first.clone()),
                },
            );
        }
        for (slot, key) in singly.iter().flat_map(KeySet::slots) {
            let name = slot.to_string();
            if set.contains(&name) {
                continue;
            }
            set.push(name);
            self.add(
                format!("verifying key {slot}"),
                Act::Key {
                    registry,
                    slot,
                    key: Box::new(key.clone()),
                },
            );
        }
    }

    /// A contract that serves every deployment alike: one that is there if there is one, else a new one.
    async fn shared(&mut self, source: ContractSource) -> Result<Site, DeployError> {
        if let Some(site) = self.shared.get(&source) {
            return Ok(*site);
        }
        if let Some((at, origin)) = self.there(source).await? {
            return Ok(self.reuse(source, at, origin));
        }
        self.libraries(source).await?;
        let site = self.create(source, Arguments::None)?;
        self.shared.insert(source, site);
        Ok(site)
    }

    /// The libraries a contract is linked with.
    async fn libraries(&mut self, source: ContractSource) -> Result<(), DeployError> {
        if !self.artifacts.contract(source)?.is_linked() {
            return Ok(());
        }
        for library in ContractSource::POSEIDON {
            if self.shared.contains_key(&library) {
                continue;
            }
            let site = match self.there(library).await? {
                Some((at, origin)) => self.reuse(library, at, origin),
                None => self.create(library, Arguments::None)?,
            };
            self.shared.insert(library, site);
        }
        Ok(())
    }

    /// A contract that is there and is what it should be.
    async fn there(&mut self, source: ContractSource) -> Result<Option<(EthAddress, Origin)>, DeployError> {
        let key = StepKey {
            chain: self.chain,
            deployment: self.design.name.clone(),
            step: source.name.to_owned(),
            fingerprint: SHARED.to_owned(),
        };
        let remembered = self.memory.find(&key).await?;
        // what this deployment made itself is one of its steps, done: the graph is the same in every run
        if remembered.as_ref().is_some_and(|made| made.transaction.is_some()) {
            return Ok(None);
        }
        let chosen = remembered.and_then(|chosen| chosen.address);
        let chosen = chosen.map(|at| (at, Origin::Deployment));
        for (at, origin) in chosen.into_iter().chain(self.known.of(source)) {
            match self.comparer.compare(source, at).await? {
                Ok(()) => return Ok(Some((at, origin))),
                Err(reason) => self.refused.push(Refusal {
                    contract: source.name,
                    at,
                    origin,
                    reason,
                }),
            }
        }
        Ok(None)
    }

    fn reuse(&mut self, source: ContractSource, at: EthAddress, origin: Origin) -> Site {
        let step = self.add(source.name.to_owned(), Act::Reuse { source, at, origin });
        let site = Site::Of(step);
        self.shared.insert(source, site);
        site
    }

    fn create(&mut self, source: ContractSource, arguments: Arguments) -> Result<Site, DeployError> {
        let is_linked = self.artifacts.contract(source)?.is_linked();
        let poseidon = ContractSource::POSEIDON.iter();
        let libraries = poseidon.filter_map(|library| self.shared.get(library).copied());
        let libraries = if is_linked { libraries.collect() } else { Vec::new() };
        let is_shared = matches!(arguments, Arguments::None) && source != ContractSource::MOCK_VERIFIER;
        let step = self.add(
            source.name.to_owned(),
            Act::Create {
                source,
                arguments,
                libraries,
                is_shared,
            },
        );
        Ok(Site::Of(step))
    }

    fn add(&mut self, name: String, act: Act) -> usize {
        self.steps.push(Step { name, act });
        self.steps.len() - 1
    }
}
