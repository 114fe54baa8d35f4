use std::path::PathBuf;

use serde_json::{Value, json};

use super::ClientError;
use super::scripts::run_script;
use crate::places::{self, Missing};

/// A Helia node, started for each request, that keeps nothing.
#[derive(Debug, Clone)]
pub struct Helia {
    folder: PathBuf,
    node: PathBuf,
}

impl Helia {
    /// The installed one.
    ///
    /// # Errors
    /// When its packages are not installed.
    pub fn find() -> Result<Self, Missing> {
        places::helia().map(|(folder, node)| Self { folder, node })
    }

    /// Lets it act, fetching from a gateway if one is given, and returns an answer per action; `helia/src/node.mjs` says
    /// which actions there are.
    ///
    /// # Errors
    /// When an action fails.
    pub async fn run(&self, gateway: Option<&str>, actions: &[Value]) -> Result<Vec<Value>, ClientError> {
        let request = json!({ "gateway": gateway, "actions": actions });
        run_script(&self.node, &self.folder, "node.mjs", &request).await
    }
}
