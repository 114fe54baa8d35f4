//! Running the scripts of `clients/`.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, process::Command};

use super::{Action, Answer};
use crate::places::{self, Missing};

/// The installed scripts.
#[derive(Debug, Clone)]
pub struct Clients {
    folder: PathBuf,
}

/// Where a voter votes.
#[derive(Debug, Clone)]
pub struct Round {
    /// The node's URL.
    pub rpc: String,
    /// The MACI contract.
    pub maci: String,
    /// Which of the node's unlocked accounts pays.
    pub sender: usize,
}

/// A script that did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Node could not be run.
    #[error("node cannot be run; install Node 20 or newer")]
    Node(#[source] io::Error),
    /// The script failed.
    #[error("{script}: {reason}")]
    Failed {
        /// The script.
        script: String,
        /// What it wrote to its standard error.
        reason: String,
    },
    /// The script wrote something else than JSON lines.
    #[error("{script} answers `{line}`, which is not of the agreed form")]
    Unreadable {
        /// The script.
        script: String,
        /// What it wrote.
        line: String,
        /// Why that is not readable.
        #[source]
        source: serde_json::Error,
    },
}

impl Clients {
    /// The scripts of this workspace.
    ///
    /// # Errors
    /// When their packages are not installed.
    pub fn find() -> Result<Self, Missing> {
        places::clients().map(|folder| Self { folder })
    }

    /// Lets a voter act, and returns an answer per action.
    ///
    /// # Errors
    /// When an action fails.
    pub async fn vote(&self, round: &Round, actions: &[Action]) -> Result<Vec<Answer>, ClientError> {
        let request = json!({ "rpc": round.rpc, "maci": round.maci, "sender": round.sender, "actions": actions });
        self.run("voter.js", &request).await
    }

    /// Makes a key pair: private key, public key.
    ///
    /// # Errors
    /// When the script fails.
    pub async fn keys(&self, count: usize) -> Result<Vec<(String, String)>, ClientError> {
        let request = json!({ "actions": vec![Action::Keys; count] });
        let answers: Vec<Answer> = self.run("voter.js", &request).await?;
        let key = |answer: &Answer, field| answer.text(field).unwrap_or_default().to_owned();
        Ok(answers
            .iter()
            .map(|answer| (key(answer, "privateKey"), key(answer, "publicKey")))
            .collect())
    }

    /// Asks snarkjs whether it accepts a proof; the arguments are snarkjs's own files.
    ///
    /// # Errors
    /// When the script fails.
    pub async fn snarkjs_accepts(
        &self,
        verification_key: PathBuf,
        proof: PathBuf,
        public_signals: PathBuf,
    ) -> Result<bool, ClientError> {
        let request = json!({ "verificationKey": verification_key, "proof": proof, "publicSignals": public_signals });
        let answers: Vec<Value> = self.run("bench/prove.js", &request).await?;
        Ok(answers
            .iter()
            .any(|answer| answer.get("verified") == Some(&Value::Bool(true))))
    }

    /// Runs a script on a request and returns its answers.
    ///
    /// # Errors
    /// When Node is missing, the script fails, or its answers have another form.
    pub async fn run<Out: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        request: &Value,
    ) -> Result<Vec<Out>, ClientError> {
        run_script("node".as_ref(), &self.folder, script, request).await
    }
}

/// Runs a script of a folder with a Node, and returns its answers.
pub(super) async fn run_script<Out: serde::de::DeserializeOwned>(
    node: &Path,
    folder: &Path,
    script: &str,
    request: &Value,
) -> Result<Vec<Out>, ClientError> {
    let mut child = Command::new(node)
        .arg(folder.join("src").join(script))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(ClientError::Node)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A script that ended early says why on its standard error.
        let _ = stdin.write_all(request.to_string().as_bytes()).await;
    }
    let output = child.wait_with_output().await.map_err(ClientError::Node)?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(ClientError::Failed {
            script: script.to_owned(),
            reason,
        });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| parse(script, line))
        .collect()
}

fn parse<Out: serde::de::DeserializeOwned>(script: &str, line: &str) -> Result<Out, ClientError> {
    serde_json::from_str(line).map_err(|source| ClientError::Unreadable {
        script: script.to_owned(),
        line: line.to_owned(),
        source,
    })
}
