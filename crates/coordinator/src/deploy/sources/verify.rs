use maci_chain::artifacts::{BuildInfo, ContractSource};
use maci_chain::deploy::{NoSource, Sourced, source_of, sourced};
use maci_protocol::ids::{EthAddress, TxHash};

use super::{Explorer, Submission, Verdict};
use crate::deploy::Workshop;
use crate::networks::network_name;
use crate::service::ServiceError;

/// What became of one recorded contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It was handed in.
    Judged {
        /// `source:name`.
        contract: String,
        /// Where.
        at: EthAddress,
        /// What the explorer says.
        verdict: Verdict,
    },
    /// There is no source to show.
    Skipped {
        /// Its id in the record.
        contract: String,
        /// Where.
        at: EthAddress,
        /// Why.
        reason: NoSource,
    },
}

/// Shows an explorer the sources of the contracts that were deployed from here on the workshop's chain, or of one of them,
/// and notes in `deployed-contracts.json` which are verified. What is noted there is not shown again.
///
/// # Errors
/// When the chain, the artifacts or the record cannot be read, or the explorer gives no verdict; what was verified by then
/// stays noted.
pub async fn verify_sources(
    workshop: &Workshop,
    explorer: &Explorer,
    only: Option<EthAddress>,
    mut tell: impl FnMut(&Shown),
) -> Result<Vec<Shown>, ServiceError> {
    let chain = workshop.rpc.chain();
    let name = network_name(chain);
    let mut builds: Vec<(ContractSource, BuildInfo)> = Vec::new();
    let mut all = Vec::new();
    for recorded in workshop.store.deployments_done().contracts(chain).await? {
        if only.is_some_and(|only| only != recorded.address) {
            continue;
        }
        let (id, at) = (recorded.contract, recorded.address);
        let found = sourced(&workshop.rpc, &workshop.artifacts, &id, at, Some(recorded.transaction)).await;
        let found = found.map_err(|source| ServiceError::Deploy {
            what: "sources",
            chain,
            source,
        })?;
        let (found, source) = match (found, source_of(&id)) {
            (Ok(found), Some(source)) => (found, source),
            (Err(reason), _) => {
                let skipped = Shown::Skipped {
                    contract: id,
                    at,
                    reason,
                };
                tell(&skipped);
                all.push(skipped);
                continue;
            }
            (Ok(_), None) => continue,
        };
        for one in found {
            if workshop.store.deployments().read()?.is_verified(&name, one.at) {
                continue;
            }
            let own = one.at == at;
            let build = build(&mut builds, workshop, source)?;
            let submission = submission(workshop, build, one, own.then_some(recorded.transaction))?;
            let verdict = explorer.verify(&submission).await.map_err(ServiceError::from)?;
            if verdict.is_good() {
                let file = workshop.store.deployments();
                file.update(|contracts| contracts.set_verified(&name, submission.at))?;
            }
            let shown = Shown::Judged {
                contract: submission.id,
                at: submission.at,
                verdict,
            };
            tell(&shown);
            all.push(shown);
        }
    }
    Ok(all)
}

/// The build that has a contract; a package has one for all, which is large and read once.
fn build<'a>(
    builds: &'a mut Vec<(ContractSource, BuildInfo)>,
    workshop: &Workshop,
    source: ContractSource,
) -> Result<&'a BuildInfo, ServiceError> {
    let path = |source| workshop.artifacts.build_info(source).map_err(ServiceError::invalid);
    let wanted = path(source)?;
    let mut known = None;
    for (place, (other, _)) in builds.iter().enumerate() {
        if path(*other)? == wanted {
            known = Some(place);
        }
    }
    let place = match known {
        Some(place) => place,
        None => {
            let read = workshop
                .artifacts
                .read_build_info(source)
                .map_err(ServiceError::invalid)?;
            builds.push((source, read));
            builds.len() - 1
        }
    };
    builds
        .get(place)
        .map(|(_, build)| build)
        .ok_or(ServiceError::NoContracts)
}

fn submission(
    workshop: &Workshop,
    build: &BuildInfo,
    one: Sourced,
    transaction: Option<TxHash>,
) -> Result<Submission, ServiceError> {
    let input = build.standard_json(&one.id).map_err(ServiceError::invalid)?;
    Ok(Submission {
        chain: workshop.rpc.chain(),
        at: one.at,
        id: one.id,
        compiler: build.compiler().to_owned(),
        input,
        libraries: one.libraries.by_source(),
        arguments: one.arguments,
        transaction,
    })
}
