use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use alloy::json_abi::JsonAbi;
use alloy::primitives::Bytes;
use maci_protocol::ids::EthAddress;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{ArtifactError, ContractSource};

/// Where libraries have been deployed, by `source:name`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Libraries(BTreeMap<String, EthAddress>);

impl Libraries {
    /// Remembers where a library is.
    pub fn insert(&mut self, library: ContractSource, address: EthAddress) {
        self.0.insert(library.to_string(), address);
    }

    /// The libraries as `deployed-contracts.json` and explorers name them, by plain name.
    pub fn by_name(&self) -> impl Iterator<Item = (&str, EthAddress)> {
        self.0.iter().map(|(id, at)| (id.rsplit(':').next().unwrap_or(id), *at))
    }
}

/// One compiled contract.
#[derive(Debug, Clone)]
pub struct Artifact {
    source: ContractSource,
    abi: JsonAbi,
    /// Hexadecimal, with placeholders where library addresses belong.
    bytecode: String,
    gaps: Vec<Gap>,
}

/// A place for a library's address: twenty bytes from `start` on.
#[derive(Debug, Clone)]
struct Gap {
    library: String,
    start: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactFile {
    abi: JsonAbi,
    bytecode: String,
    link_references: BTreeMap<String, BTreeMap<String, Vec<Reference>>>,
}

#[derive(Deserialize)]
struct Reference {
    start: usize,
    length: usize,
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, ArtifactError> {
    let text = fs::read(path).map_err(|source| ArtifactError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|error| ArtifactError::Malformed {
        path: path.to_path_buf(),
        reason: error.to_string(),
    })
}

impl Artifact {
    pub(super) fn read(path: &Path, source: ContractSource) -> Result<Self, ArtifactError> {
        let malformed = |reason: &str| ArtifactError::Malformed {
            path: path.to_path_buf(),
            reason: reason.to_owned(),
        };
        let file: ArtifactFile = read_json(path)?;
        let bytecode = file.bytecode.strip_prefix("0x").unwrap_or(&file.bytecode).to_owned();
        if bytecode.is_empty() {
            return Err(malformed("it has no code; it is an interface or abstract"));
        }
        let mut gaps = Vec::new();
        for (file, libraries) in &file.link_references {
            for (name, references) in libraries {
                for reference in references {
                    let end = reference.start.checked_add(20).and_then(|end| end.checked_mul(2));
                    if reference.length != 20 || end.is_none_or(|end| end > bytecode.len()) {
                        return Err(malformed("a library reference does not fit into its code"));
                    }
                    gaps.push(Gap {
                        library: format!("{file}:{name}"),
                        start: reference.start,
                    });
                }
            }
        }
        Ok(Self {
            source,
            abi: file.abi,
            bytecode,
            gaps,
        })
    }

    /// Which contract it is.
    pub fn source(&self) -> ContractSource {
        self.source
    }

    /// Its functions, events and errors.
    pub fn abi(&self) -> &JsonAbi {
        &self.abi
    }

    /// The canonical types of the constructor's arguments.
    pub fn constructor_inputs(&self) -> Vec<String> {
        self.abi
            .constructor
            .iter()
            .flat_map(|constructor| &constructor.inputs)
            .map(|input| input.selector_type().into_owned())
            .collect()
    }

    /// The code of a deploying transaction: libraries linked, constructor's arguments appended.
    pub fn init_code(&self, libraries: &Libraries, arguments: &[u8]) -> Result<Bytes, ArtifactError> {
        let malformed = |reason: String| ArtifactError::Malformed {
            path: self.source.to_string().into(),
            reason,
        };
        let mut code = self.bytecode.clone();
        for gap in &self.gaps {
            let address = libraries.0.get(&gap.library).ok_or_else(|| ArtifactError::NotLinked {
                contract: self.source.to_string(),
                library: gap.library.clone(),
            })?;
            let start = gap.start * 2;
            let place = start..start + 40;
            if !code.is_char_boundary(place.start) || !code.is_char_boundary(place.end) {
                return Err(malformed("its code is not hexadecimal".to_owned()));
            }
            code.replace_range(place, &hex::encode(address.0));
        }
        let mut code = hex::decode(&code).map_err(|error| malformed(format!("its linked code: {error}")))?;
        code.extend_from_slice(arguments);
        Ok(code.into())
    }
}
