use std::collections::BTreeMap;

use alloy::providers::Provider;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::EthAddress;

use crate::artifacts::{Artifact, ArtifactError, Artifacts, CodeMismatch, ContractSource};
use crate::deploy::DeployError;
use crate::rpc::{Rpc, RpcError};
use crate::words::address;

/// Why a contract is not the one it is said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Its own code differs.
    #[error(transparent)]
    Code(#[from] CodeMismatch),
    /// A library it is linked with is not the official one.
    #[error("it is linked with {library} at {at}, and {reason}")]
    Library {
        /// The library.
        library: String,
        /// Where.
        at: EthAddress,
        /// What is wrong with that.
        reason: CodeMismatch,
    },
    /// What it clones is not the official contract.
    #[error("it clones {at}, which should be {contract}: {reason}")]
    Implementation {
        /// What it should clone.
        contract: String,
        /// What it clones.
        at: EthAddress,
        /// What is wrong with that.
        reason: Box<Mismatch>,
    },
}

/// Compares contracts on one chain with the artifacts.
#[derive(Debug)]
pub struct Comparer<'a> {
    rpc: &'a Rpc,
    artifacts: &'a Artifacts,
    /// Code that was asked for, which never changes.
    codes: BTreeMap<EthAddress, Vec<u8>>,
}

impl<'a> Comparer<'a> {
    /// Compares on this chain with these artifacts.
    #[must_use]
    pub fn new(rpc: &'a Rpc, artifacts: &'a Artifacts) -> Self {
        Self {
            rpc,
            artifacts,
            codes: BTreeMap::new(),
        }
    }

    /// Whether the contract at an address is the official one: its code with immutable values and addresses of
    /// libraries left out, then the libraries themselves, and for a factory what it clones.
    ///
    /// # Errors
    /// When the chain cannot be asked or an artifact cannot be read; a mismatch is an answer.
    pub async fn compare(
        &mut self,
        source: ContractSource,
        at: EthAddress,
    ) -> Result<Result<(), Mismatch>, DeployError> {
        let artifact = self.artifacts.contract(source)?;
        let cloned = self.artifacts.implementation_of(source)?;
        self.whole(&artifact, cloned.as_ref(), at).await
    }

    fn whole<'b>(
        &'b mut self,
        artifact: &'b Artifact,
        cloned: Option<&'b Artifact>,
        at: EthAddress,
    ) -> BoxFuture<'b, Result<Result<(), Mismatch>, DeployError>> {
        async move {
            let code = self.code(at).await?;
            let found = match artifact.compare(&code, at) {
                Ok(found) => found,
                Err(mismatch) => return Ok(Err(mismatch.into())),
            };
            for (library, at) in found.libraries {
                let artifact = self.library(&library)?;
                let code = self.code(at).await?;
                if let Err(reason) = artifact.compare(&code, at) {
                    return Ok(Err(Mismatch::Library { library, at, reason }));
                }
            }
            let Some(cloned) = cloned else {
                return Ok(Ok(()));
            };
            // the only immutable value of a factory is what it clones
            for word in found.immutables {
                let [_, _, _, _, _, _, _, _, _, _, _, _, low @ ..] = word;
                let at = EthAddress(low);
                if let Err(reason) = self.whole(cloned, None, at).await? {
                    return Ok(Err(Mismatch::Implementation {
                        contract: cloned.id().to_owned(),
                        at,
                        reason: Box::new(reason),
                    }));
                }
            }
            Ok(Ok(()))
        }
        .boxed()
    }

    fn library(&self, id: &str) -> Result<Artifact, ArtifactError> {
        let known = ContractSource::POSEIDON.into_iter().find(|one| one.to_string() == id);
        known.map_or_else(
            || {
                Err(ArtifactError::NotLinked {
                    contract: "a contract to compare".to_owned(),
                    library: id.to_owned(),
                })
            },
            |source| self.artifacts.contract(source),
        )
    }

    /// The code at an address.
    pub(in crate::deploy) async fn code(&mut self, at: EthAddress) -> Result<Vec<u8>, RpcError> {
        if let Some(known) = self.codes.get(&at) {
            return Ok(known.clone());
        }
        let code = self.rpc.provider().get_code_at(address(at)).latest().await;
        let code = code.map_err(RpcError::doing("reading a contract's code"))?.to_vec();
        if !code.is_empty() {
            self.codes.insert(at, code.clone());
        }
        Ok(code)
    }
}
