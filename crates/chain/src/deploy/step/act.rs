use std::sync::Arc;

use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::EthAddress;

use crate::artifacts::ContractSource;
use crate::contracts::Generation;
use crate::deploy::reuse::Origin;
use crate::deploy::{KeySet, PollDesign};
use crate::reader::KeySlot;

/// Where something is, or which step brings it about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deploy) enum Site {
    /// It is there.
    At(EthAddress),
    /// The step with this number makes it; the poll contract, if it makes a poll.
    Of(usize),
}

/// A step of a deployment.
#[derive(Debug, Clone)]
pub(in crate::deploy) struct Step {
    /// What tells it from the deployment's other steps.
    pub(in crate::deploy) name: String,
    pub(in crate::deploy) act: Act,
}

/// What a step does.
#[derive(Debug, Clone)]
pub(in crate::deploy) enum Act {
    /// Nothing: what it would make is there and was compared with the artifact.
    Reuse {
        source: ContractSource,
        at: EthAddress,
        origin: Origin,
    },
    /// Makes a contract.
    Create {
        source: ContractSource,
        arguments: Arguments,
        /// The libraries it is linked with, in the order of `ContractSource::POSEIDON`; empty if it needs none.
        libraries: Vec<Site>,
        /// Whether it serves every deployment alike.
        is_shared: bool,
    },
    /// Has a factory make a clone.
    Clone {
        factory: Site,
        /// The clone's id in `deployed-contracts.json`.
        id: String,
        /// The factory's call, ready but for what `given` adds to it.
        call: Vec<u8>,
        /// What a policy's factory is given: the checker.
        checker: Option<Site>,
    },
    /// Puts a whole set of keys into a new registry.
    KeysAtOnce { registry: Site, keys: Arc<KeySet> },
    /// Puts one key into a registry.
    Key {
        registry: Site,
        slot: KeySlot,
        key: Box<VerifyingKey>,
    },
    /// Has MACI make a poll.
    Poll {
        maci: Site,
        generation: Generation,
        verifier_and_registry: Option<(Site, Site)>,
        policy: Site,
        credits: Site,
        poll: Arc<PollDesign>,
        /// Steps that are done before it although it does not ask for what they make.
        after: Vec<usize>,
    },
    /// Makes a policy guard its target.
    Guard { policy: Site, target: Site },
}

/// What a constructor is given.
#[derive(Debug, Clone)]
pub(in crate::deploy) enum Arguments {
    /// Nothing.
    None,
    /// Its owner: who deploys.
    Owner,
    /// What MACI is given.
    Maci {
        /// For polls, message processors and tallies.
        factories: [Site; 3],
        sign_up_policy: Site,
        verifier: Site,
        registry: Site,
        state_tree_depth: u8,
    },
}

/// A contract's id in `deployed-contracts.json`: its name, and for policies' contracts the source file before it.
pub(in crate::deploy) fn record_id(source: ContractSource) -> String {
    match source {
        ContractSource::MOCK_VERIFIER => ContractSource::VERIFIER.name.to_owned(),
        policies if policies.file.starts_with('@') => policies.to_string(),
        ours => ours.name.to_owned(),
    }
}

impl Step {
    /// The steps that have to be done before it.
    pub(in crate::deploy) fn needs(&self) -> Vec<usize> {
        let sites: Vec<Site> = match &self.act {
            Act::Reuse { .. } => Vec::new(),
            Act::Create {
                arguments, libraries, ..
            } => libraries.iter().copied().chain(arguments.sites()).collect(),
            Act::Clone { factory, checker, .. } => std::iter::once(*factory).chain(*checker).collect(),
            Act::KeysAtOnce { registry, .. } | Act::Key { registry, .. } => vec![*registry],
            Act::Poll {
                maci,
                verifier_and_registry,
                policy,
                credits,
                ..
            } => {
                let given = verifier_and_registry
                    .iter()
                    .flat_map(|(verifier, registry)| [*verifier, *registry]);
                [*maci, *policy, *credits].into_iter().chain(given).collect()
            }
            Act::Guard { policy, target } => vec![*policy, *target],
        };
        let steps = sites.into_iter().filter_map(|site| match site {
            Site::At(_) => None,
            Site::Of(step) => Some(step),
        });
        let after: &[usize] = match &self.act {
            Act::Poll { after, .. } => after,
            Act::Reuse { .. }
            | Act::Create { .. }
            | Act::Clone { .. }
            | Act::KeysAtOnce { .. }
            | Act::Key { .. }
            | Act::Guard { .. } => &[],
        };
        steps.chain(after.iter().copied()).collect()
    }
}

impl Arguments {
    fn sites(&self) -> Vec<Site> {
        match self {
            Self::None | Self::Owner => Vec::new(),
            Self::Maci {
                factories: [polls, processors, tallies],
                sign_up_policy,
                verifier,
                registry,
                state_tree_depth: _,
            } => vec![*polls, *processors, *tallies, *sign_up_policy, *verifier, *registry],
        }
    }
}
