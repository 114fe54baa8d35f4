use std::collections::BTreeMap;

use alloy::primitives::keccak256;
use alloy::sol_types::{SolCall, SolValue};
use maci_protocol::ids::EthAddress;
use maci_protocol::vote::empty_ballot_roots;

use super::constructor::Parts;
use super::deploy_poll::Around;
use super::{Act, Arguments, Site, Step};
use crate::artifacts::{Artifacts, ContractSource, Libraries};
use crate::contracts::factories::IPolicyFactory;
use crate::contracts::policies::IPolicy;
use crate::deploy::DeployError;
use crate::deploy::keys::{batch_call, single_call};
use crate::words::{address, word};

/// Where what earlier steps made is; none while it is not there.
pub(in crate::deploy) type Sites<'a> = &'a dyn Fn(usize) -> Option<EthAddress>;

/// The call a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy) struct Prepared {
    /// The contract called; none makes a new one.
    pub(in crate::deploy) to: Option<EthAddress>,
    /// Selector and arguments, or the new contract's code.
    pub(in crate::deploy) data: Vec<u8>,
    /// A constructor's arguments as JSON text.
    pub(in crate::deploy) shown: Option<String>,
    /// The libraries it is linked with, as JSON text.
    pub(in crate::deploy) libraries: Option<String>,
}

impl Prepared {
    fn call(to: EthAddress, data: Vec<u8>) -> Self {
        Self {
            to: Some(to),
            data,
            shown: None,
            libraries: None,
        }
    }

    /// What makes this call the same as another one of a caller.
    pub(in crate::deploy) fn fingerprint(&self, caller: EthAddress) -> String {
        let to = self.to.map(|to| to.0).unwrap_or_default();
        let hash = keccak256([&caller.0[..], &to, &self.data].concat());
        hex::encode(hash.0.get(..8).unwrap_or_default())
    }
}

impl Step {
    /// The call, once everything it needs is there; none for a step that does nothing.
    pub(in crate::deploy) fn prepare(
        &self,
        artifacts: &Artifacts,
        caller: EthAddress,
        sites: Sites<'_>,
    ) -> Result<Option<Prepared>, DeployError> {
        let at = |site: &Site| match site {
            Site::At(at) => Ok(*at),
            Site::Of(step) => sites(*step).ok_or_else(|| DeployError::NothingLeft {
                step: self.name.clone(),
                what: "address of an earlier step",
            }),
        };
        Ok(Some(match &self.act {
            Act::Reuse { .. } => return Ok(None),
            Act::Create {
                source,
                arguments,
                libraries,
                ..
            } => {
                let mut linked = Libraries::default();
                for (library, site) in ContractSource::POSEIDON.into_iter().zip(libraries) {
                    linked.insert(library, at(site)?);
                }
                let (encoded, shown) = arguments.encode(artifacts, caller, &at)?;
                Prepared {
                    to: None,
                    data: artifacts.contract(*source)?.init_code(&linked, &encoded)?.to_vec(),
                    libraries: shown.as_ref().and_then(|_| as_json(&linked)),
                    shown,
                }
            }
            Act::Clone {
                factory, call, checker, ..
            } => {
                let data = match checker {
                    None => call.clone(),
                    Some(checker) => IPolicyFactory::deployCall {
                        _checkerAddress: address(at(checker)?),
                    }
                    .abi_encode(),
                };
                Prepared::call(at(factory)?, data)
            }
            Act::KeysAtOnce { registry, keys } => Prepared::call(at(registry)?, batch_call(keys)),
            Act::Key { registry, slot, key } => Prepared::call(at(registry)?, single_call(*slot, key)),
            Act::Poll {
                maci,
                generation,
                verifier_and_registry,
                policy,
                credits,
                poll,
                after: _,
            } => {
                let given = verifier_and_registry.as_ref();
                let given = given.map(|(verifier, registry)| Ok::<_, DeployError>((at(verifier)?, at(registry)?)));
                let around = Around {
                    maci: at(maci)?,
                    generation: *generation,
                    verifier_and_registry: given.transpose()?,
                    policy: at(policy)?,
                    credits: at(credits)?,
                };
                Prepared::call(around.maci, poll.encode(around)?)
            }
            Act::Guard { policy, target } => {
                let call = IPolicy::setTargetCall {
                    _guarded: address(at(target)?),
                };
                Prepared::call(at(policy)?, call.abi_encode())
            }
        }))
    }
}

impl Arguments {
    fn encode(
        &self,
        artifacts: &Artifacts,
        caller: EthAddress,
        at: &impl Fn(&Site) -> Result<EthAddress, DeployError>,
    ) -> Result<(Vec<u8>, Option<String>), DeployError> {
        Ok(match self {
            Self::None => (Vec::new(), None),
            Self::Owner => (address(caller).abi_encode(), Some(format!("[\"{caller}\"]"))),
            Self::Maci {
                factories: [polls, processors, tallies],
                sign_up_policy,
                verifier,
                registry,
                state_tree_depth,
            } => {
                let depth = *state_tree_depth;
                let roots = empty_ballot_roots(depth).map_err(|source| DeployError::Depth { depth, source })?;
                let parts = Parts {
                    poll_factory: at(polls)?,
                    message_processor_factory: at(processors)?,
                    tally_factory: at(tallies)?,
                    sign_up_policy: at(sign_up_policy)?,
                    verifier: at(verifier)?,
                    registry: at(registry)?,
                    state_tree_depth: depth,
                    empty_ballot_roots: roots.each_ref().map(word),
                };
                let generation = artifacts.generation()?;
                (parts.encode(generation), Some(parts.show(generation)))
            }
        })
    }
}

fn as_json(libraries: &Libraries) -> Option<String> {
    let named = libraries.by_name().map(|(name, at)| (name, at.to_string()));
    let named: BTreeMap<_, _> = named.collect();
    if named.is_empty() {
        None
    } else {
        serde_json::to_string(&named).ok()
    }
}
