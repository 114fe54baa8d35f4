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

impl FromIterator<(String, EthAddress)> for Libraries {
    /// Libraries by `source:name`.
    fn from_iter<I: IntoIterator<Item = (String, EthAddress)>>(libraries: I) -> Self {
        Self(libraries.into_iter().collect())
    }
}

impl Libraries {
    /// Remembers where a library is.
    pub fn insert(&mut self, library: ContractSource, address: EthAddress) {
        self.0.insert(library.to_string(), address);
    }

    /// The libraries as the compiler's settings name them: by source file, then by name.
    pub fn by_source(&self) -> serde_json::Value {
        let mut files: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
        for (id, at) in &self.0 {
            let (file, name) = id.rsplit_once(':').unwrap_or(("", id));
            files.entry(file).or_default().insert(name, at.to_string());
        }
        serde_json::json!(files)
    }

    /// The libraries as `deployed-contracts.json` and explorers name them, by plain name.
    pub fn by_name(&self) -> impl Iterator<Item = (&str, EthAddress)> {
        self.0.iter().map(|(id, at)| (id.rsplit(':').next().unwrap_or(id), *at))
    }
}

/// One compiled contract.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// `source:name`.
    id: String,
    abi: JsonAbi,
    /// Hexadecimal, with placeholders where library addresses belong.
    bytecode: String,
    gaps: Vec<Gap>,
    /// What is on the chain afterwards, with zeros where addresses and immutable values belong.
    deployed: Vec<u8>,
    deployed_gaps: Vec<Gap>,
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
    link_references: References,
    #[serde(default)]
    deployed_bytecode: String,
    #[serde(default)]
    deployed_link_references: References,
}

type References = BTreeMap<String, BTreeMap<String, Vec<Reference>>>;

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
    pub(super) fn read(path: &Path, id: String) -> Result<Self, ArtifactError> {
        let malformed = |reason: &str| ArtifactError::Malformed {
            path: path.to_path_buf(),
            reason: reason.to_owned(),
        };
        let file: ArtifactFile = read_json(path)?;
        let bytecode = bare(&file.bytecode).to_owned();
        if bytecode.is_empty() {
            return Err(malformed("it has no code; it is an interface or abstract"));
        }
        let misfit = || malformed("a library reference does not fit into its code");
        let gaps = gaps(&file.link_references, bytecode.len()).ok_or_else(misfit)?;
        let mut deployed = copied(&bytecode).unwrap_or(bare(&file.deployed_bytecode)).to_owned();
        let deployed_gaps = self::gaps(&file.deployed_link_references, deployed.len()).ok_or_else(misfit)?;
        for gap in &deployed_gaps {
            gap.fill(&mut deployed, &EthAddress::ZERO).ok_or_else(misfit)?;
        }
        let deployed = hex::decode(&deployed).map_err(|error| malformed(&format!("its deployed code: {error}")))?;
        Ok(Self {
            id,
            abi: file.abi,
            bytecode,
            gaps,
            deployed,
            deployed_gaps,
        })
    }

    /// Which contract it is: `source:name`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it has to be linked with libraries.
    pub fn is_linked(&self) -> bool {
        !self.gaps.is_empty()
    }

    /// Its code on a chain, with zeros where addresses of libraries and immutable values belong.
    pub(super) fn deployed_code(&self) -> &[u8] {
        &self.deployed
    }

    /// Where in that code which library's address belongs.
    pub(super) fn deployed_gaps(&self) -> impl Iterator<Item = (&str, usize)> {
        self.deployed_gaps.iter().map(|gap| (gap.library.as_str(), gap.start))
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

    /// How many words the constructor's arguments take; those of the official contracts are all of fixed length.
    pub fn constructor_words(&self) -> usize {
        fn words(kind: &str) -> usize {
            let inner = kind.trim_start_matches('(').trim_end_matches(')');
            let parts = inner.split(',').filter(|part| !part.is_empty());
            let count = |part: &str| {
                let sized = part
                    .split_once('[')
                    .and_then(|(_, rest)| rest.trim_end_matches(']').parse().ok());
                sized.unwrap_or(1)
            };
            parts.map(count).sum()
        }
        self.constructor_inputs().iter().map(|kind| words(kind)).sum()
    }

    /// The code of a deploying transaction: libraries linked, constructor's arguments appended.
    pub fn init_code(&self, libraries: &Libraries, arguments: &[u8]) -> Result<Bytes, ArtifactError> {
        let malformed = |reason: String| ArtifactError::Malformed {
            path: self.id.clone().into(),
            reason,
        };
        let mut code = self.bytecode.clone();
        for gap in &self.gaps {
            let address = libraries.0.get(&gap.library).ok_or_else(|| ArtifactError::NotLinked {
                contract: self.id.clone(),
                library: gap.library.clone(),
            })?;
            gap.fill(&mut code, address)
                .ok_or_else(|| malformed("its code is not hexadecimal".to_owned()))?;
        }
        let mut code = hex::decode(&code).map_err(|error| malformed(format!("its linked code: {error}")))?;
        code.extend_from_slice(arguments);
        Ok(code.into())
    }
}

impl Gap {
    /// Writes an address into code in hexadecimal; none if the place is not there.
    fn fill(&self, code: &mut String, address: &EthAddress) -> Option<()> {
        let start = self.start * 2;
        let place = start..start + 40;
        code.get(place.clone())?;
        code.replace_range(place, &hex::encode(address.0));
        Some(())
    }
}

/// The code that a contract made by hand leaves on the chain: the Poseidon libraries' creation code is generated and
/// copies all that follows its first twelve bytes, while their artifacts' deployed code is that of an empty source.
fn copied(creation: &str) -> Option<&str> {
    // CODECOPY(0, 12, CODESIZE), then RETURN(0, length)
    let rest = creation.strip_prefix("38600c60003961")?;
    let (_, rest) = rest.split_at_checked(4)?;
    rest.strip_prefix("6000f3")
}

fn bare(code: &str) -> &str {
    code.strip_prefix("0x").unwrap_or(code)
}

/// The places of libraries in code of so many hexadecimal digits; none if one does not fit.
fn gaps(references: &References, digits: usize) -> Option<Vec<Gap>> {
    let mut gaps = Vec::new();
    for (file, libraries) in references {
        for (name, references) in libraries {
            for reference in references {
                let end = reference.start.checked_add(20)?.checked_mul(2)?;
                if reference.length != 20 || end > digits {
                    return None;
                }
                gaps.push(Gap {
                    library: format!("{file}:{name}"),
                    start: reference.start,
                });
            }
        }
    }
    Some(gaps)
}
