//! `templates.json`: which circuit templates a circuits folder offers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::CompileError;

/// One template of the circuits folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Template {
    /// The source file, relative to the circuits folder.
    pub file: PathBuf,
    /// The names of its parameters, in order.
    pub parameters: Vec<String>,
    /// Its public inputs, in the template's order of declaration.
    pub public: Vec<String>,
}

/// The content of `templates.json`: an object from template names to their descriptions.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// The file's name in the circuits folder.
    pub const FILE: &str = "templates.json";

    /// Reads the file of a circuits folder.
    pub fn read(circuits: &Path) -> Result<Self, CompileError> {
        let path = circuits.join(Self::FILE);
        let wrong = |reason: String| CompileError::Templates {
            path: path.clone(),
            reason,
        };
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// The template of that name.
    pub fn get(&self, template: &str) -> Result<&Template, CompileError> {
        self.0.get(template).ok_or_else(|| CompileError::UnknownTemplate {
            template: template.to_owned(),
            known: self.0.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// The names of all templates, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Template {
    /// The source of a main component with these parameters; it includes the template's file by
    /// its place in the circuits folder.
    pub(super) fn main_component(&self, name: &str, parameters: &[u32]) -> Result<String, CompileError> {
        if parameters.len() != self.parameters.len() {
            return Err(CompileError::Parameters {
                template: name.to_owned(),
                expected: self.parameters.join(", "),
                found: parameters.len(),
            });
        }
        let values: Vec<String> = parameters.iter().map(u32::to_string).collect();
        let public = match self.public.as_slice() {
            [] => String::new(),
            names => format!(" {{public [{}]}}", names.join(", ")),
        };
        Ok(format!(
            "pragma circom 2.1.6;\n\ninclude \"{}\";\n\ncomponent main{public} = {name}({});\n",
            self.file.display(),
            values.join(", "),
        ))
    }
}
