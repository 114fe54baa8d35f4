use alloy::consensus::Transaction;
use alloy::primitives::B256;
use alloy::providers::Provider;
use maci_protocol::ids::{EthAddress, TxHash};

use super::step::record_id;
use super::{DeployError, Mismatch, PolicyName};
use crate::artifacts::{Artifact, Artifacts, ContractSource, Libraries};
use crate::rpc::{Rpc, RpcError};
use crate::words::address;

/// A contract on a chain whose source is known: what an explorer asks for to verify it.
#[derive(Debug, Clone)]
pub struct Sourced {
    /// Where it is.
    pub at: EthAddress,
    /// `source:name`.
    pub id: String,
    /// The libraries it is linked with.
    pub libraries: Libraries,
    /// The constructor's arguments, ABI-encoded; none if the transaction does not show them.
    pub arguments: Option<Vec<u8>>,
}

/// Why a contract's source cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSource {
    /// It is a clone.
    #[error("it is a clone: explorers show the source of what it clones")]
    Clone,
    /// Its code was generated and not compiled.
    #[error("its code was generated and has no source that compiles to it")]
    Generated,
    /// It is not what the record says.
    #[error(transparent)]
    Other(#[from] Mismatch),
}

/// The contract of a record's id, if it is one of the package's that are deployed as they are.
#[must_use]
pub fn source_of(id: &str) -> Option<ContractSource> {
    let ours = [
        ContractSource::MACI,
        ContractSource::POLL_FACTORY,
        ContractSource::MESSAGE_PROCESSOR_FACTORY,
        ContractSource::TALLY_FACTORY,
        ContractSource::VERIFYING_KEYS_REGISTRY,
        ContractSource::VERIFIER,
        ContractSource::CONSTANT_CREDITS_FACTORY,
        ContractSource::ERC20_VOTES_CREDITS_FACTORY,
    ];
    let policies = PolicyName::ALL.iter();
    let policies = policies.flat_map(|name| [name.checker_factory(), name.policy_factory()]);
    let mut all = ours.into_iter().chain(ContractSource::POSEIDON).chain(policies);
    all.find(|source| record_id(*source) == id)
}

/// What an explorer asks for to verify a recorded contract, and for a factory what it clones as well.
///
/// # Errors
/// When the chain cannot be asked or an artifact cannot be read; that there is no source is an answer.
pub async fn sourced(
    rpc: &Rpc,
    artifacts: &Artifacts,
    id: &str,
    at: EthAddress,
    transaction: Option<TxHash>,
) -> Result<Result<Vec<Sourced>, NoSource>, DeployError> {
    let Some(source) = source_of(id) else {
        return Ok(Err(NoSource::Clone));
    };
    if ContractSource::POSEIDON.contains(&source) {
        return Ok(Err(NoSource::Generated));
    }
    let artifact = artifacts.contract(source)?;
    let code = code(rpc, at).await?;
    let openings = match artifact.compare(&code, at) {
        Ok(openings) => openings,
        Err(reason) => return Ok(Err(NoSource::Other(reason.into()))),
    };
    // a factory's own code calls no library: those of what it clones are linked into the code that makes it
    let mut libraries = openings.libraries;
    let mut implementations = Vec::new();
    if let Some(cloned) = artifacts.implementation_of(source)? {
        for word in openings.immutables {
            let [_, _, _, _, _, _, _, _, _, _, _, _, low @ ..] = word;
            let at = EthAddress(low);
            let code = self::code(rpc, at).await?;
            if let Ok(openings) = cloned.compare(&code, at) {
                libraries.extend(openings.libraries.clone());
                implementations.push(Sourced {
                    at,
                    id: cloned.id().to_owned(),
                    libraries: openings.libraries.into_iter().collect(),
                    arguments: Some(Vec::new()),
                });
            }
        }
    }
    let libraries: Libraries = libraries.into_iter().collect();
    let arguments = match (artifact.constructor_inputs().is_empty(), transaction) {
        (true, _) => Some(Vec::new()),
        (false, Some(transaction)) => arguments(rpc, &artifact, &libraries, transaction).await?,
        (false, None) => None,
    };
    let made = Sourced {
        at,
        id: artifact.id().to_owned(),
        libraries,
        arguments,
    };
    Ok(Ok([vec![made], implementations].concat()))
}

async fn code(rpc: &Rpc, at: EthAddress) -> Result<Vec<u8>, DeployError> {
    let code = rpc.provider().get_code_at(address(at)).latest().await;
    Ok(code.map_err(RpcError::doing("reading a contract's code"))?.to_vec())
}

/// What follows the contract's code in the transaction that made it. A smart account's transaction has the code somewhere
/// inside; then so many words are taken as the constructor asks for, which has no arguments of variable length.
async fn arguments(
    rpc: &Rpc,
    artifact: &Artifact,
    libraries: &Libraries,
    transaction: TxHash,
) -> Result<Option<Vec<u8>>, DeployError> {
    let made = rpc.provider().get_transaction_by_hash(B256::from(transaction.0)).await;
    let made = made.map_err(RpcError::doing("reading the transaction that made a contract"))?;
    let Some(made) = made else {
        return Ok(None);
    };
    let code = artifact.init_code(libraries, &[])?;
    let input = made.input();
    let end = match input.strip_prefix(&code[..]) {
        Some(rest) => return Ok(Some(rest.to_vec())),
        None => input
            .windows(code.len())
            .position(|part| *part == code[..])
            .map(|start| start + code.len()),
    };
    let length = artifact.constructor_words() * 32;
    Ok(end.and_then(|end| input.get(end..end + length)).map(<[u8]>::to_vec))
}
