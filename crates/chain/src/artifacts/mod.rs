//! Compiled official contracts, read from an installed package or a folder in Hardhat's layout.
//!
//! - `source`     which contract, by source file and name
//! - `artifact`   one compiled contract, and its linking against libraries
//! - `build`      what the compiler was given, for explorers
//! - `compare`    code found on a chain against an artifact
//!
//! Nothing of them is part of this repository; `contracts/` pins the package.

mod artifact;
mod build;
mod compare;
mod source;

use std::path::{Path, PathBuf};

pub use artifact::{Artifact, Libraries};
pub use build::BuildInfo;
pub use compare::{CodeMismatch, Openings};
pub use source::ContractSource;

use crate::Remedy;
use crate::contracts::Generation;

/// A folder of compiled contracts.
#[derive(Debug, Clone)]
pub struct Artifacts {
    root: PathBuf,
}

/// Compiled contracts that are missing or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The folder holds no compiled MACI.
    #[error("no compiled MACI contracts below {}; run `npm ci` in contracts/, or name a folder of artifacts", folder.display())]
    NotInstalled {
        /// Where they were looked for.
        folder: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not an artifact.
    #[error("{} is not a compiled contract: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A library's address is not known.
    #[error("{contract} needs the library {library}, which has not been deployed")]
    NotLinked {
        /// The contract.
        contract: String,
        /// The library, as `source:name`.
        library: String,
    },
    /// MACI's constructor is of neither generation.
    #[error("the constructor of MACI in {} takes {inputs} arguments; known are six (generation A) and one structure (generation B)", folder.display())]
    UnknownGeneration {
        /// The folder.
        folder: PathBuf,
        /// What it takes.
        inputs: usize,
    },
}

impl ArtifactError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        Remedy::AskOperator
    }
}

impl Artifacts {
    /// Opens a folder: the installed package itself, or a folder of artifacts such as its
    /// `build/artifacts` or Hardhat's `artifacts`.
    pub fn open(folder: &Path) -> Result<Self, ArtifactError> {
        let package = folder.join("node_modules/@maci-protocol/contracts/build/artifacts");
        [
            folder.to_path_buf(),
            folder.join("build/artifacts"),
            folder.join("artifacts"),
            package,
        ]
        .into_iter()
        .find(|root| ContractSource::MACI.path_below(root).is_file())
        .map(|root| Self { root })
        .ok_or_else(|| ArtifactError::NotInstalled {
            folder: folder.to_path_buf(),
        })
    }

    /// One compiled contract.
    pub fn contract(&self, source: ContractSource) -> Result<Artifact, ArtifactError> {
        Artifact::read(&source.path_below(&self.root), source.to_string())
    }

    /// What a factory clones, compiled; none if the contract is no factory.
    pub fn implementation_of(&self, factory: ContractSource) -> Result<Option<Artifact>, ArtifactError> {
        let Some(name) = factory.name.strip_suffix("Factory") else {
            return Ok(None);
        };
        let file = factory.file.replace("Factory.sol", ".sol");
        let path = self.root.join(&file).join(format!("{name}.json"));
        Artifact::read(&path, format!("{file}:{name}")).map(Some)
    }

    /// The compiler's whole input and output for a contract, which explorers verify sources by.
    pub fn build_info(&self, source: ContractSource) -> Result<PathBuf, ArtifactError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Pointer {
            build_info: PathBuf,
        }
        let path = source.path_below(&self.root).with_extension("dbg.json");
        let pointer: Pointer = artifact::read_json(&path)?;
        Ok(path.parent().unwrap_or(&self.root).join(pointer.build_info))
    }

    /// The same, read; it is large.
    pub fn read_build_info(&self, source: ContractSource) -> Result<BuildInfo, ArtifactError> {
        BuildInfo::read(&self.build_info(source)?)
    }

    /// Which generation these contracts are, by the shape of MACI's constructor.
    pub fn generation(&self) -> Result<Generation, ArtifactError> {
        let maci = self.contract(ContractSource::MACI)?;
        let inputs = maci.constructor_inputs();
        match inputs.as_slice() {
            [_, _, _, _, _, _] => Ok(Generation::A),
            [only] if only == "(address,address,address,address,address,address,uint8,uint256[5])" => Ok(Generation::B),
            other => Err(ArtifactError::UnknownGeneration {
                folder: self.root.clone(),
                inputs: other.len(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
