use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ArtifactError;
use super::artifact::read_json;

/// The compiler's whole input and output, as Hardhat keeps it: what explorers verify sources by.
#[derive(Debug)]
pub struct BuildInfo {
    path: PathBuf,
    /// Such as `0.8.28+commit.7893614a`.
    compiler: String,
    input: Value,
    output: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    solc_long_version: String,
    input: Value,
    output: Value,
}

impl BuildInfo {
    pub(super) fn read(path: &Path) -> Result<Self, ArtifactError> {
        let file: File = read_json(path)?;
        Ok(Self {
            path: path.to_path_buf(),
            compiler: file.solc_long_version,
            input: file.input,
            output: file.output,
        })
    }

    /// The compiler's version with its commit.
    pub fn compiler(&self) -> &str {
        &self.compiler
    }

    /// The compiler's input for one contract, `source:name`, in its standard JSON: the sources it is made of and no
    /// others, and the settings it was compiled with. Libraries are not named in it, as they were not when the package
    /// was built: whoever names them gets other metadata, and so another hash of it in the code.
    pub fn standard_json(&self, id: &str) -> Result<Value, ArtifactError> {
        let malformed = |reason: String| ArtifactError::Malformed {
            path: self.path.clone(),
            reason,
        };
        let (file, name) = id.rsplit_once(':').unwrap_or(("", id));
        let metadata = self
            .output
            .get("contracts")
            .and_then(|all| all.get(file)?.get(name)?.get("metadata"));
        let metadata = metadata.and_then(Value::as_str);
        let metadata = metadata.ok_or_else(|| malformed(format!("it has no metadata of {id}")))?;
        let metadata: Value = serde_json::from_str(metadata).map_err(|error| malformed(error.to_string()))?;
        let needed = metadata.get("sources").and_then(Value::as_object);
        let needed = needed.ok_or_else(|| malformed(format!("the metadata of {id} names no sources")))?;
        let mut sources = Map::new();
        for source in needed.keys() {
            let content = self
                .input
                .get("sources")
                .and_then(|all| all.get(source)?.get("content"));
            let content = content.ok_or_else(|| malformed(format!("it has no source {source}")))?;
            sources.insert(source.clone(), json!({ "content": content }));
        }
        let mut settings = self.input.get("settings").cloned().unwrap_or_else(|| json!({}));
        if let Some(settings) = settings.as_object_mut() {
            let outputs = ["abi", "metadata", "evm.bytecode", "evm.deployedBytecode"];
            settings.insert("outputSelection".to_owned(), json!({ "*": { "*": outputs } }));
        }
        let language = self.input.get("language").cloned().unwrap_or_else(|| json!("Solidity"));
        Ok(json!({ "language": language, "sources": sources, "settings": settings }))
    }
}
